"""Closed classes of words that say what a name beside them is the name of; lower case, in the languages that texts were read in."""

# Words that stand before the name of a person.
TITLES = frozenset(
    "mr mrs ms dr prof sir lord lady president premier minister king queen prince princess sheikh sheik emir sultan "
    "general gen colonel col captain capt major lieutenant lt admiral commander judge senator sen rep governor gov "
    "mayor secretary chancellor ambassador ayatollah imam mullah pope bishop spokesman spokeswoman leader dictator "
    "journalist actor actress президент премьер министр генерал полковник король принц губернатор мэр сенатор депутат "
    "лидер глава prezydent minister premier generał prezident premiér ministr السيد الشيخ الرئيس رئيس الوزير وزير "
    "الملك ملك الأمير اللواء آیت‌الله دکتر سردار".split()
)

# Words that stand before the name of a place.
PLACE_WORDS = frozenset(
    "in at near from to into of via outside inside around across toward towards north south east west northern "
    "southern eastern western central city town village province district region capital republic в во из под около "
    "города городе город область у з із до біля w we z ze do koło v ve na из от към في من إلى قرب مدينة محافظة ولاية "
    "در از به شهر استان".split()
)


# Words that stand behind the name of a person.
SPEECH = frozenset(
    "said says told added asked died who was is had has wrote tweeted announced declared argued insisted whose "
    "himself herself".split()
)

# Words that stand behind the name of a place.
GENERIC = frozenset(
    "city county town village province state district region police mayor airport hospital university governorate "
    "council court street river area residents border road port bridge zoo medical regional school community "
    "government coast island".split()
)

# Names of times, which are names of places and persons too.
CALENDAR = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter".split()
)

# Verbs that stand before the name of a speaker.
SAYING = frozenset(
    "said says say told added asked wrote tweeted announced argued insisted explained replied recalled noted".split()
)

# What a person is to another one, and forms of address.
KIN = frozenset(
    "son daughter wife husband brother sister father mother uncle aunt cousin nephew niece grandson granddaughter girlfriend "
    "boyfriend friend partner colleague named mr mrs ms miss dr rev st saint".split()
)

# Who lives in a place or serves it, and what is part of it.
PEOPLE = frozenset(
    "man men woman women boy boys girl girls teen teenager native natives resident residents student students detective "
    "detectives officials officers firefighter firefighters police authorities voters citizens people mayor media newspaper "
    "office building campus address home area region suburb neighborhood neighbourhood downtown based councils "
    "court courts pd".split()
)

# Words that end the name of a place or of what is named after its place.
PLACES = GENERIC | frozenset(
    "counties cities towns villages provinces districts streets roads avenue hospitals universities schools college center "
    "centre department courthouse hall station park square library church museum zoo municipal".split()
)

# What a person has.
OFFICES = frozenset("administration presidency campaign family lawyer lawyers attorney himself herself candidate".split())

# Ranks that are told with a place, which then is not meant.
RANKS = frozenset(
    "duke duchess earl count countess marquis marquess baron baroness bishop archbishop dean lord lady viscount viscountess "
    "prince princess archdeacon treaty battle siege".split()
)

# What is named after a place elsewhere.
STREETS = frozenset(
    "street road avenue ave boulevard blvd lane drive place highway route wharf square terrace st rd river lake mountains valley "
    "creek beach island islands bridge".split()
)
AND = frozenset(("and", "or", "und", "et", "и", "و"))
ADJECTIVE = ("an", "ese", "ish", "ians", "ans")  # how English makes a demonym of a place
