{{ deciding_events() }}
