# Read by bash whenever Spark starts Java, which says each time that Spark uses a module in incubation.
exec 2> >(exec grep --line-buffered -v "^WARNING: Using incubator modules" >&2)
