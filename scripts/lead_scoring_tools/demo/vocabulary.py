"""Every word that appears in the demo data, and how often.

The events use the names of the shipped event catalogue; page paths, campaigns and topics are those
that the shipped rules look for.
"""

from typing import NamedTuple

import numpy as np


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _weights(text: str) -> dict[str, float]:
    pairs = (pair.split("=") for pair in text.split())
    return {name: float(weight) for name, weight in pairs}


# ---------------------------------------------------------------- people
FIRST_NAMES = _words(
    """
    Ada Amir Anna Ben Carla Chen Clara Dana David Elena Emil Emma Farah Felix Grace Hana
    Hugo Ida Ines Ivan Jack Jana Jonas Julia Kofi Lars Lea Leo Lina Lucas Maria Mark Maya
    Mia Nadia Nils Nina Noah Nora Olga Omar Oscar Paul Petra Priya Ravi Rosa Sam Sara Sofia
    Tara Theo Tim Uma Vera Victor Wei Yara Yusuf Zoe
    """
)
LAST_NAMES = _words(
    """
    Adler Ahmed Andersson Bailey Bakker Bauer Becker Bell Berg Bianchi Brown Carter Chen
    Costa Davies Dubois Evans Ferrari Fischer Fontaine Garcia Gupta Hansen Hayes Hoffmann
    Hughes Ito Jansen Jones Keller Khan Klein Kumar Lang Larsen Lee Lopez Martin Meyer
    Miller Moreau Moore Nguyen Novak Owens Park Patel Perez Peters Reed Rossi Schmidt Schulz
    Silva Singh Smith Svensson Taylor Turner Visser Wagner Walker Weber White Wilson Wood
    Young Zhang
    """
)
FREE_MAIL = ("gmail", "yahoo", "outlook", "hotmail", "gmx", "icloud", "web", "proton")
RIVAL_DOMAINS = ("rivalmetrics.example", "datagrove.example", "insightforge.example")
OWN_DOMAIN = "our-company.example"

ROLES = ("ordinary", "student", "competitor", "test_account", "employee", "embargoed", "bot")
ORDINARY, STUDENT, COMPETITOR, TEST_ACCOUNT, EMPLOYEE, EMBARGOED, BOT = range(len(ROLES))
ROLE_SHARES = {
    STUDENT: 0.02,
    COMPETITOR: 0.006,
    TEST_ACCOUNT: 0.003,
    EMPLOYEE: 0.003,
    EMBARGOED: 0.004,
}

SENIORITIES = ("c_level", "vp", "director", "manager", "individual")
SENIORITY_SHARES = (0.06, 0.08, 0.17, 0.27, 0.42)
SENIORITY_SPELLINGS = (
    ("c_level", "C-Level", "CXO", "executive"),
    ("vp", "VP", "Vice President", "vp "),
    ("director", "Director", "Head of", "head"),
    ("manager", "Manager", "Team Lead", "MANAGER"),
    ("individual", "Individual Contributor", "specialist", "senior"),
)
DEPARTMENTS = (
    "data",
    "it",
    "marketing",
    "sales",
    "finance",
    "operations",
    "hr",
    "revenue operations",
)
DEPARTMENT_SHARES = (0.21, 0.20, 0.14, 0.09, 0.12, 0.10, 0.06, 0.08)
DEPARTMENT_SPELLINGS = (
    ("data", "Data & Analytics", "Business Intelligence", "BI"),
    ("it", "IT", "Information Technology", "it "),
    ("marketing", "Marketing", "Growth", "Demand Generation"),
    ("sales", "Sales", "Business Development", "SALES"),
    ("finance", "Finance", "Controlling", "Accounting"),
    ("operations", "Operations", "Ops", "Supply Chain"),
    ("hr", "HR", "People", "Human Resources"),
    ("revenue operations", "Revenue Operations", "RevOps", "revops"),
)
TITLE_SUBJECTS = ("Data", "IT", "Marketing", "Sales", "Finance", "Operations", "People", "RevOps")
CHIEF_SHORT = ("CDO", "CIO", "CMO", "CRO", "CFO", "COO", "CHRO", "CRO")
TITLE_PATTERNS = (
    ("Chief {0} Officer", "{1}", "{1} & Co-Founder", "chief {0} officer"),
    ("VP {0}", "Vice President {0}", "SVP, {0}", "vp of {0}"),
    ("Director of {0}", "Head of {0}", "{0} Director", "Senior Director, {0}"),
    ("{0} Manager", "Senior Manager {0}", "Team Lead {0}", "Manager, {0}"),
    ("{0} Analyst", "Senior {0} Specialist", "{0} Engineer", "{0} Consultant"),
)
STUDENT_TITLES = ("Student", "Working Student Data", "Marketing Intern", "Trainee, IT")
BOT_TITLES = ("asdf", "http://win-now.example", "qwerty", ".")

COUNTRIES = (
    "United States",
    "Germany",
    "United Kingdom",
    "France",
    "Netherlands",
    "Canada",
    "India",
    "Spain",
    "Austria",
    "Brazil",
    "Nigeria",
)
COUNTRY_SHARES = (0.31, 0.20, 0.11, 0.08, 0.06, 0.06, 0.06, 0.04, 0.03, 0.03, 0.02)
COUNTRY_SPELLINGS = (
    ("United States", "USA", "US", "united states"),
    ("Germany", "Deutschland", "DE", "Germany "),
    ("United Kingdom", "UK", "GB", "united kingdom"),
    ("France", "FR", "france", "France"),
    ("Netherlands", "NL", "netherlands", "Netherlands"),
    ("Canada", "CA", "canada", "Canada"),
    ("India", "IN", "india", "India"),
    ("Spain", "ES", "spain", "Spain"),
    ("Austria", "AT", "austria", "Austria"),
    ("Brazil", "BR", "brazil", "Brazil"),
    ("Nigeria", "NG", "nigeria", "Nigeria"),
)
EMBARGOED_COUNTRIES = ("Iran", "Syria", "Cuba", "North Korea")
LANGUAGES = ("en", "de", "en", "fr", "nl", "en", "en", "es", "de", "pt", "en")
UTC_OFFSET_HOURS = np.array([-6, 1, 0, 1, 1, -5, 5.5, 1, 1, -3, 1])
GERMANY = COUNTRIES.index("Germany")
UNSERVED = tuple(COUNTRIES.index(name) for name in ("Brazil", "Nigeria"))

LEAD_SOURCES = (
    "organic_search",
    "paid_search",
    "webinar",
    "content_syndication",
    "event",
    "referral",
    "Partner",
    "outbound",
    "list_import",
)
LEAD_SOURCE_SHARES = (0.22, 0.17, 0.14, 0.10, 0.09, 0.08, 0.05, 0.09, 0.06)
PRODUCT_LINES = ("analytics", "integration", "governance")
PRODUCT_LINE_SHARES = (0.46, 0.33, 0.21)
LEAD_CAMPAIGNS = (
    *(f"{line}-{effort}" for line in PRODUCT_LINES for effort in ("launch", "search", "webinars")),
    "brand-search",
    "newsletter",
)

# ---------------------------------------------------------------- accounts
INDUSTRIES = (
    "software",
    "information technology",
    "financial services",
    "retail",
    "manufacturing",
    "logistics",
    "healthcare",
    "education",
    "public sector",
    "media",
)
INDUSTRY_SHARES = (0.19, 0.10, 0.12, 0.12, 0.17, 0.07, 0.08, 0.05, 0.04, 0.06)
INDUSTRY_SPELLINGS = (
    ("Software", "software", "SaaS", "Internet"),
    ("Information Technology", "IT Services", "information technology", "IT Services "),
    ("Financial Services", "Banking", "Insurance", "financial services"),
    ("Retail", "E-Commerce", "retail", "RETAIL"),
    ("Manufacturing", "Automotive", "Machinery", "manufacturing"),
    ("Logistics", "logistics", "Logistics", "Transport"),
    ("Healthcare", "Hospitals", "healthcare", "Pharma"),
    ("Education", "Higher Education", "education", "Education"),
    ("Public Sector", "Government", "public sector", "Public Sector"),
    ("Media", "Publishing", "media", "Entertainment"),
)
SIZE_BANDS = ((2, 9), (10, 49), (50, 199), (200, 2000), (2001, 40000))
SIZE_SHARES = (0.14, 0.23, 0.24, 0.29, 0.10)
TECHNOLOGIES = (
    "salesforce",
    "hubspot",
    "snowflake",
    "bigquery",
    "databricks",
    "sap",
    "aws",
    "azure",
    "tableau",
    "power bi",
    "dbt",
    "kafka",
)
TECHNOLOGY_SHARES = (0.30, 0.25, 0.17, 0.11, 0.10, 0.22, 0.45, 0.35, 0.20, 0.28, 0.09, 0.08)
WAREHOUSES = ("snowflake", "bigquery", "databricks")
COMPANY_STEMS = _words(
    """
    Alder Amber Arctic Aspen Atlas Birch Blue Bright Cedar Clear Cobalt Copper Coral Delta
    Elm Ember Fern Flint Forge Frost Golden Granite Harbor Hazel Indigo Iron Juniper Kestrel
    Laurel Lunar Maple Marble Meadow Mistral North Oak Onyx Opal Orchid Pine Quartz Raven
    River Sable Sage Silver Slate Solar Spruce Stone Summit Terra Tidal Vale Violet Willow
    Winter
    """
)
COMPANY_NOUNS = _words(
    """
    bridge brook care cargo cloud craft data desk field finance flow foods freight gate
    group health house labs learning line link logic market media mill motion motors net
    parts pay point port retail road scale soft stack stream systems tech tools trade wave
    way works yard
    """
)
COMPANY_FORMS = ("Inc", "GmbH", "Ltd", "SAS", "BV", "Corp", "AG", "")

# ---------------------------------------------------------------- events


class Kind(NamedTuple):
    """One thing that can happen: a row of the tracker's table, without who and when."""

    event_type: str
    page_path: str | None = None
    topic: str | None = None
    median_seconds: float = 0.0
    group: str = ""
    weight: float = 1.0


def _pages(group: str, seconds: float, *pages: tuple[str, str | None, float]) -> list[Kind]:
    return [Kind("page_view", path, topic, seconds, group, w) for path, topic, w in pages]


WEB_KINDS: list[Kind] = [
    *_pages("home", 15, ("/", None, 1)),
    *_pages(
        "product",
        45,
        ("/product/analytics", "analytics", 5),
        ("/product/integration", "data integration", 3),
        ("/product/governance", "governance", 2),
    ),
    *_pages(
        "blog",
        70,
        ("/blog/what-is-a-metric-layer", "analytics", 4),
        ("/blog/five-dashboards", "analytics", 3),
        ("/blog/state-of-data-teams", "industry trends", 3),
        ("/blog/elt-or-etl", "data integration", 2),
        ("/blog/data-contracts", "governance", 2),
        ("/blog/lineage-in-practice", "governance", 1),
    ),
    *_pages(
        "customers",
        60,
        ("/customers/alderworks", "analytics", 3),
        ("/customers/tidalport", "data integration", 2),
        ("/customers/sagecare", "governance", 1),
    ),
    *_pages(
        "docs",
        85,
        ("/docs/getting-started", "data integration", 3),
        ("/docs/api", "data integration", 2),
        ("/integrations/snowflake", "data integration", 2),
        ("/integrations/sap", "data integration", 2),
        ("/docs/roles-and-permissions", "governance", 1),
    ),
    *_pages(
        "security",
        50,
        ("/security", "governance", 3),
        ("/trust", "governance", 1),
        ("/legal/dpa", "governance", 1),
    ),
    *_pages("careers", 50, ("/careers", None, 2), ("/careers/data-engineer", None, 1)),
    *_pages("about", 25, ("/about", None, 2), ("/contact", None, 1)),
    *_pages("internal", 30, ("/preview/home", None, 2), ("/admin/content", None, 1)),
    Kind("pricing_view", "/pricing", None, 55, "pricing"),
    Kind("video_view", "/product/analytics", "analytics", 90, "video"),
    Kind("ad_click", "/product/analytics", "analytics", 0, "ad"),
    Kind("scroll_depth", "/blog/five-dashboards", "analytics", 0, "noise", 2),
    Kind("Experiment Viewed", "/", None, 0, "noise", 1),
    Kind("content_download", "/resources/metric-layer-guide", "analytics", 0, "download", 4),
    Kind("content_download", "/resources/integration-guide", "data integration", 0, "download", 3),
    Kind("content_download", "/resources/trend-report", "industry trends", 0, "download", 2),
    Kind("content_download", "/resources/roi-calculator", "roi", 0, "buyer_download", 2),
    Kind("content_download", "/resources/comparison", "comparison", 0, "buyer_download", 3),
    Kind("content_download", "/resources/migration-guide", "migration", 0, "buyer_download", 1),
    Kind("webinar_registered", "/webinars", None, 0, "webinar"),
    Kind("newsletter_signup", "/newsletter", None, 0, "newsletter"),
    Kind("chat_started", "/pricing", None, 240, "chat"),
    Kind("demo_request", "/demo", None, 0, "demo"),
    Kind("form_submit", "/contact", None, 0, "contact", 3),
    Kind("form_submit", "/events", None, 0, "contact", 1),
    Kind("trial_started", "/signup", None, 0, "trial"),
]
# A German visitor sees these instead.
GERMAN_PAGES = {
    "/": "/de/",
    "/product/analytics": "/de/produkt/analytics",
    "/product/integration": "/de/produkt/integration",
    "/security": "/de/datenschutz",
    "/pricing": "/de/preise",
    "/blog/what-is-a-metric-layer": "/de/blog/kennzahlen",
    "/customers/alderworks": "/de/customers/alderworks",
}
GERMAN_KINDS = [
    kind._replace(page_path=GERMAN_PAGES[kind.page_path], group="")
    for kind in WEB_KINDS
    if kind.page_path in GERMAN_PAGES and kind.event_type in ("page_view", "pricing_view")
]
OTHER_KINDS = [
    Kind("email_delivered"),
    Kind("email_open"),
    Kind("email_click"),
    Kind("email_bounce"),
    Kind("unsubscribe"),
    Kind("spam_complaint"),
    Kind("webinar_attended", topic="analytics"),
    Kind("webinar_attended", topic="data integration"),
    Kind("webinar_attended", topic="governance"),
    Kind("webinar_attended", topic="industry trends"),
    Kind("conference_visit"),
    Kind("trial_activity"),
    Kind("call_attempted"),
    Kind("call_connected"),
    Kind("meeting_booked"),
    Kind("meeting_held"),
    Kind("meeting_no_show"),
]
KINDS: list[Kind] = [*WEB_KINDS, *GERMAN_KINDS, *OTHER_KINDS]


def kind_of(event_type: str, page_path: str | None = None, topic: str | None = None) -> int:
    """The number of the first kind of this type (and page, and topic, where given)."""
    for number, kind in enumerate(KINDS):
        same_page = page_path is None or page_path == kind.page_path
        same_topic = topic is None or topic == kind.topic
        if kind.event_type == event_type and same_page and same_topic:
            return number
    raise KeyError(event_type)


def kinds_where(event_types: tuple[str, ...], path_starts: tuple[str, ...] = ()) -> np.ndarray:
    """Which kinds are of these types (and on pages that start so), as a mask over all kinds."""
    return np.array(
        [
            kind.event_type in event_types
            and (not path_starts or (kind.page_path or "").startswith(path_starts))
            for kind in KINDS
        ]
    )


WEBINAR_TOPICS = ("analytics", "data integration", "analytics", "industry trends", "governance")
WEBINAR_LINES = ("analytics", "integration", "analytics", "brand", "governance")

# How trackers call a type: before the new tracker, after it, and from the mobile app.
RAW_NAMES = {
    "page_view": ("Page Viewed", "page_view", "$pageview"),
    "pricing_view": ("Pricing Page Viewed", "pricing_view", "Viewed Pricing"),
    "video_view": ("Video Playback Completed", "video_view", "VIDEO_VIEW"),
    "chat_started": ("Conversation Started", "chat_started", "Chat_Started"),
    "ad_click": ("Ad Clicked", "ad_click", "ad_click "),
    "email_delivered": ("DELIVERED", "Email Delivered", "email_delivered"),
    "email_open": ("OPEN", "Email Opened", "email_open"),
    "email_click": ("CLICK", "Email Link Clicked", "email_click"),
    "email_bounce": ("BOUNCE", "Email Bounced", "email_bounce"),
    "unsubscribe": ("Unsubscribed", "unsubscribe", "UNSUBSCRIBED"),
    "spam_complaint": ("SPAMREPORT", "Email Marked as Spam", "spam_complaint"),
    "form_submit": ("Form Submitted", "form_submit", "FORM_SUBMIT"),
    "newsletter_signup": ("Newsletter Subscribed", "newsletter_signup", "newsletter_signup "),
    "content_download": ("File Downloaded", "content_download", "Content Downloaded"),
    "demo_request": ("Demo Requested", "demo_request", "DEMO_REQUEST"),
    "webinar_registered": ("Webinar Registered", "webinar_registered", " webinar_registered"),
    "webinar_attended": ("Webinar Attended", "webinar_attended", "WEBINAR ATTENDED"),
    "conference_visit": ("Badge Scanned", "conference_visit", "badge scanned"),
    "trial_started": ("Trial Started", "trial_started", "TRIAL STARTED"),
    "trial_activity": ("Trial Session", "trial_activity", "trial session"),
    "call_attempted": ("Call No Answer", "call_attempted", "CALL_ATTEMPTED"),
    "call_connected": ("Call Connected", "call_connected", "CALL_CONNECTED"),
    "meeting_booked": ("Meeting Booked", "meeting_booked", "MEETING_BOOKED"),
    "meeting_held": ("Meeting Completed", "meeting_held", "MEETING_HELD"),
    "meeting_no_show": ("Meeting No Show", "meeting_no_show", "MEETING_NO_SHOW"),
    "scroll_depth": ("Scrolled", "scroll_depth", "scroll_depth"),
    "Experiment Viewed": ("Experiment Viewed", "experiment_viewed", "$experiment_viewed"),
}

# What people look at, by the state they are in: weights of the groups of kinds above.
STATES = (
    "unaware",
    "researching",
    "evaluating",
    "buying",
    "gone_cold",
    "job_hunting",
    "internal",
    "robot",
    "spying",
    "from_email",
)
(
    UNAWARE,
    RESEARCHING,
    EVALUATING,
    BUYING,
    GONE_COLD,
    JOB_HUNTING,
    INTERNAL,
    ROBOT,
    SPYING,
    FROM_EMAIL,
) = range(len(STATES))
PAGE_WEIGHTS: dict[int, dict[str, float]] = {
    UNAWARE: _weights("home=30 blog=45 product=6 about=8 careers=3 customers=2 pricing=1 noise=1"),
    RESEARCHING: _weights(
        "home=15 blog=28 product=27 customers=8 docs=6 pricing=4 video=3 about=4 noise=1"
    ),
    EVALUATING: _weights(
        "home=8 blog=8 product=24 customers=10 docs=24 pricing=12 security=4 video=3 noise=1"
    ),
    BUYING: _weights("home=6 product=16 customers=8 docs=25 pricing=20 security=10 noise=1"),
    GONE_COLD: _weights("home=40 blog=38 product=10 careers=3 pricing=1 about=4 noise=1"),
    JOB_HUNTING: _weights("home=20 about=25 careers=55"),
    INTERNAL: _weights("internal=55 home=15 product=15 pricing=15"),
    ROBOT: _weights("home=10 blog=30 product=20 customers=10 docs=15 pricing=5 about=10"),
    SPYING: _weights("product=30 pricing=25 docs=25 customers=20"),
    FROM_EMAIL: _weights("home=5 blog=40 product=30 customers=12 pricing=6 video=4"),
}
# Chances per event, in percent, of something more telling than a page view.
INTENT_PERCENT: dict[int, dict[str, float]] = {
    UNAWARE: _weights("download=0.8 newsletter=1.0 webinar=0.6 ad=2.0 contact=0.1"),
    RESEARCHING: _weights(
        "download=3.5 webinar=2.4 newsletter=0.6 chat=0.4 contact=0.2 demo=0.1 ad=1.0"
    ),
    EVALUATING: _weights(
        "download=2.0 buyer_download=3.0 webinar=1.8 chat=1.2 demo=1.0 contact=0.5 trial=0.7"
    ),
    BUYING: _weights("buyer_download=2.5 webinar=0.8 chat=1.5 demo=2.2 contact=1.0 trial=1.6"),
    GONE_COLD: _weights("newsletter=0.5 webinar=0.3"),
    JOB_HUNTING: _weights("newsletter=0.5"),
    INTERNAL: _weights("demo=1.0"),
    SPYING: _weights("download=2.0 webinar=3.0 trial=1.0"),
    FROM_EMAIL: _weights("download=6.0 webinar=6.0"),
}
PAGES_PER_VISIT = np.array([1.7, 2.8, 4.2, 4.6, 1.9, 3.0, 5.0, 250.0, 6.0, 1.8])

CHANNELS = (
    None,
    "organic_search",
    "Paid Search",
    "social",
    "direct",
    "referral",
    "email",
    "advertising",
)
VISIT_CHANNEL_SHARES = (0.50, 0.20, 0.09, 0.06, 0.11, 0.04)
PAID_CHANNEL = CHANNELS.index("Paid Search")
EMAIL_CHANNEL = CHANNELS.index("email")
DEVICES = (
    None,
    "desktop",
    "mobile",
    "tablet",
    "Desktop",
    "Mimecast link scanner",
    "Googlebot/2.1",
    "HeadlessChrome",
    "python-requests/2.31",
)
DEVICE_SHARES = (0.06, 0.60, 0.25, 0.05, 0.04)
SCANNER_DEVICE = DEVICES.index("Mimecast link scanner")
FIRST_BOT_DEVICE = DEVICES.index("Googlebot/2.1")


def intent_tables() -> tuple[np.ndarray, np.ndarray]:
    """Cumulative shares of the web kinds per state: of plain views, and of telling events.

    Row `state` of each rises to `state + 1`, so that one sorted search serves all states at once.
    The last column of the second table is the chance of a telling event.
    """
    pages = np.zeros((len(STATES), len(WEB_KINDS)))
    intents = np.zeros((len(STATES), len(WEB_KINDS)))
    group_weight: dict[str, float] = {}
    for kind in WEB_KINDS:
        group_weight[kind.group] = group_weight.get(kind.group, 0.0) + kind.weight
    for table, weights in ((pages, PAGE_WEIGHTS), (intents, INTENT_PERCENT)):
        for state, groups in weights.items():
            for number, kind in enumerate(WEB_KINDS):
                share = kind.weight / group_weight[kind.group]
                table[state, number] = groups.get(kind.group, 0.0) * share
    pages /= pages.sum(axis=1, keepdims=True)
    return pages, intents / 100
