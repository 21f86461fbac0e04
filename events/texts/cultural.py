"""Texts of the days of the Chinese, Hindu and church calendars."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from astronomy.calendar_names import (
    ANIMALS,
    CHINESE_FESTIVALS,
    CHINESE_MONTHS,
    FEASTS,
    HINDU_FESTIVALS,
    NAKSHATRAS,
)
from astronomy.calendars.chinese import year_cycle
from events.facts import Facts, Phrases
from events.texts.paragraphs import paragraph

_CHINESE_DAY = gettext_lazy("Its day lasts from midnight to midnight in China.")
_HINDU_TITHI = gettext_lazy(
    "A tithi is a thirtieth of the month of phases: the Moon moves 12° ahead of the Sun. The "
    "instant is its beginning; the day on which it is kept depends on the sunrise of the place."
)
NAMES: Phrases = {
    "chinese_month": gettext_lazy("Chinese month"),
    **CHINESE_FESTIVALS,
    "ekadashi": gettext_lazy("Ekadashi"),
    "purnima": gettext_lazy("Purnima"),
    "amavasya": gettext_lazy("Amavasya"),
    "hindu_festival": gettext_lazy("Hindu festival"),
    "western_easter": gettext_lazy("Western Easter"),
    "orthodox_easter": gettext_lazy("Orthodox Easter"),
    "armenian_easter": gettext_lazy("Armenian Easter"),
    "vardavar": pgettext_lazy("feast", "Vardavar"),
    "western_feast": gettext_lazy("Western church feast"),
    "orthodox_feast": gettext_lazy("Orthodox church feast"),
    "armenian_feast": gettext_lazy("Armenian church feast"),
}
ABOUT: Phrases = {
    "chinese_month": gettext_lazy(
        "A month of the Chinese lunisolar calendar begins on the day of the new Moon in China. A "
        "month without a major solar term may be a leap month."
    ),
    "qingming_festival": gettext_lazy(
        "The day of the solar term Pure Brightness, on which families tend the graves of their "
        "ancestors. Its day lasts from midnight to midnight in China."
    ),
    "winter_solstice_festival": gettext_lazy(
        "The day in China on which the Sun stands farthest south. Its day lasts from midnight to "
        "midnight there."
    ),
    "ekadashi": gettext_lazy(
        "The eleventh tithi of each half of the lunar month, on which many Hindus fast."
    ),
    "purnima": gettext_lazy(
        "The fifteenth tithi of the bright half of the lunar month, which ends at full Moon: a day "
        "of fasts, of gifts and of bathing in rivers."
    ),
    "amavasya": gettext_lazy(
        "The last tithi of the dark half of the lunar month, which ends at new Moon: a day on "
        "which ancestors are remembered."
    ),
    "hindu_festival": gettext_lazy(
        "A festival of the Hindu lunar calendar, on its day in India. Regions and communities may "
        "keep it a day earlier or later."
    ),
    "western_easter": gettext_lazy(
        "Easter of the Western churches: the Sunday after the full Moon of spring, by the rule of "
        "the Gregorian calendar."
    ),
    "orthodox_easter": gettext_lazy(
        "Easter of the Orthodox churches: the Sunday after the full Moon of spring, by the rule of "
        "the Julian calendar."
    ),
    "armenian_easter": gettext_lazy(
        "Easter of the Armenian Church, on the same Sunday as that of the Western churches."
    ),
    "vardavar": gettext_lazy(
        "The Transfiguration in the Armenian Church, 98 days after Easter. People pour water over "
        "each other."
    ),
    "western_feast": gettext_lazy(
        "A feast of the Western churches, which count their movable days from Easter by the "
        "Gregorian calendar."
    ),
    "orthodox_feast": gettext_lazy(
        "A feast of the Orthodox churches, which count their movable days from Easter by the "
        "Julian calendar; the date given is the Gregorian one."
    ),
    "armenian_feast": gettext_lazy(
        "A feast of the Armenian Church, which counts its days from Easter or keeps them on a date "
        "or the Sunday nearest to one."
    ),
    "chinese_new_year": gettext_lazy(
        "The first day of the Chinese year and its greatest festival, on the day of a new Moon: "
        "families come together, and children get red envelopes."
    ),
    "lantern_festival": gettext_lazy(
        "The first full Moon of the Chinese year, on the 15th day of its first month: lanterns "
        "are hung up, riddles are guessed, and the New Year season ends."
    ),
    "dragon_boat_festival": gettext_lazy(
        "The fifth day of the fifth Chinese month: dragon boats race, and rice dumplings in "
        "leaves recall the poet Qu Yuan."
    ),
    "qixi_festival": gettext_lazy(
        "The seventh day of the seventh Chinese month: the Weaver Girl and the Cowherd, the stars "
        "Vega and Altair on both sides of the Milky Way, meet for one night. Look for both in the "
        "evening."
    ),
    "ghost_festival": gettext_lazy(
        "The 15th day of the seventh Chinese month, about full Moon: ancestors and wandering "
        "spirits get offerings, and lanterns float on the water."
    ),
    "mid_autumn_festival": gettext_lazy(
        "The 15th day of the eighth Chinese month: families admire the full Moon together and "
        "share mooncakes."
    ),
    "double_ninth_festival": gettext_lazy(
        "The ninth day of the ninth Chinese month: people climb hills, enjoy chrysanthemums and "
        "honour the old."
    ),
    "laba_festival": gettext_lazy(
        "The eighth day of the twelfth Chinese month: a porridge of grains, nuts and dried fruit "
        "is eaten, and the New Year season begins."
    ),
    "chinese_new_years_eve": gettext_lazy(
        "The last evening of the Chinese year: families come together for the reunion dinner and "
        "stay up to see the new year in."
    ),
}
_LEAP = gettext_lazy(
    "It is a leap month, which bears the number of the month before it and keeps the calendar in "
    "step with the seasons."
)
# Translators: animal is one of the twelve of the Chinese zodiac, such as "Dragon"
_ANIMAL = gettext_lazy("The animal of the new year: %(animal)s.")
# Translators: nakshatra is the name of one of the 27 mansions of the Moon, such as "Rohini"
_NAKSHATRA = gettext_lazy("The Moon stands in the nakshatra %(nakshatra)s as it begins.")
_FESTIVALS: Phrases = {
    "ugadi": gettext_lazy(
        "The lunar year begins with the bright half of the month Chaitra: as Ugadi in the Deccan, "
        "as Gudi Padwa in Maharashtra."
    ),
    "rama_navami": gettext_lazy(
        "The ninth day of the bright half of Chaitra celebrates the birth of Rama."
    ),
    "buddha_purnima": gettext_lazy(
        "The full Moon of Vaishakha recalls the birth, the awakening and the passing of the Buddha."
    ),
    "guru_purnima": gettext_lazy("At the full Moon of Ashadha pupils honour their teachers."),
    "janmashtami": gettext_lazy(
        "The eighth day of a dark half celebrates the birth of Krishna: people fast and wake "
        "until midnight."
    ),
    "ganesha_chaturthi": gettext_lazy(
        "The fourth day of the bright half of Bhadrapada: images of Ganesha are set up, and given "
        "to the water some days later."
    ),
    "navaratri": gettext_lazy(
        "The first day of the bright half of Ashvina begins the nine nights of the Goddess."
    ),
    "vijayadashami": gettext_lazy(
        "The tenth day of the bright half of Ashvina celebrates the victory of Durga over the "
        "buffalo demon and of Rama over Ravana."
    ),
    "diwali": gettext_lazy(
        "The festival of lights, in the dark night of the new Moon: rows of lamps are lit and "
        "Lakshmi is welcomed."
    ),
    "vasant_panchami": gettext_lazy(
        "The fifth day of the bright half of Magha welcomes spring and honours Sarasvati, the "
        "goddess of learning."
    ),
    "maha_shivaratri": gettext_lazy(
        "The great night of Shiva, just before the new Moon: people fast and wake through the "
        "night."
    ),
    "holi": gettext_lazy(
        "The day after the full Moon of Phalguna: people throw coloured powder and water; "
        "bonfires have burnt the evening before."
    ),
}
_FEASTS: Phrases = {
    "ash_wednesday": gettext_lazy(
        "Lent begins: foreheads are marked with ashes, on the Wednesday of the seventh week "
        "before Easter."
    ),
    "great_lent": gettext_lazy("Seven weeks before Easter the great fast begins, on a Monday."),
    "palm_sunday": gettext_lazy(
        "The Sunday before Easter recalls the entry of Jesus into Jerusalem, with branches of "
        "palm or willow."
    ),
    "maundy_thursday": gettext_lazy(
        "The Thursday before Easter recalls the Last Supper and the washing of the feet."
    ),
    "good_friday": gettext_lazy("The Friday before Easter recalls the crucifixion of Jesus."),
    "new_sunday": gettext_lazy("The first Sunday after Easter ends the week of the feast."),
    "green_sunday": gettext_lazy(
        "The second Sunday after Easter celebrates the Church of the whole world, in the green of "
        "spring."
    ),
    "ascension": gettext_lazy(
        "The fortieth day of Easter, a Thursday, recalls how Christ was taken up to heaven."
    ),
    "pentecost": gettext_lazy(
        "The fiftieth day of Easter, a Sunday, recalls how the Holy Spirit came upon the apostles."
    ),
    "trinity_sunday": gettext_lazy(
        "The Sunday after Pentecost honours the Trinity of Father, Son and Holy Spirit."
    ),
    "corpus_christi": gettext_lazy(
        "The Thursday after Trinity Sunday honours the Eucharist, in many places with processions."
    ),
    "all_saints": gettext_lazy("The Sunday after Pentecost honours all the saints together."),
    "saint_vardan": gettext_lazy(
        "The Thursday before Great Lent honours Saint Vardan and his companions, who fell in the "
        "battle of Avarayr in 451."
    ),
    "poon_barekendan": gettext_lazy(
        "The Sunday before Great Lent: people feast and make merry once more before the fast."
    ),
    "theophany": gettext_lazy(
        "The birth and the baptism of Christ are celebrated together on January 6, and water is "
        "blessed."
    ),
    "presentation": gettext_lazy(
        "February 14 recalls how the child Jesus was brought to the Temple; on the evening "
        "before, young couples leap over bonfires."
    ),
    "annunciation": gettext_lazy(
        "April 7 recalls how the angel Gabriel told Mary that she would bear Jesus."
    ),
    "assumption": gettext_lazy(
        "The Sunday nearest to August 15 honours the Assumption of Mary, and grapes are blessed."
    ),
    "exaltation_of_the_cross": gettext_lazy(
        "The Sunday nearest to September 14 honours the Cross, raised again in Jerusalem."
    ),
    "cross_of_varag": gettext_lazy(
        "The Sunday nearest to September 28 honours the relic of the Cross that was found on "
        "Mount Varag near Lake Van."
    ),
}
_ADVENTS: Phrases = {
    "western_feast": gettext_lazy(
        "The fourth Sunday before Christmas: the season of waiting begins, and with it the church "
        "year."
    ),
    "armenian_feast": gettext_lazy(
        "The Sunday nearest to November 18: the fifty days before the Nativity begin, called "
        "Hisnak."
    ),
}


def name_title(facts: Facts) -> str:
    return str(NAMES[facts.kind])


def month_title(facts: Facts) -> str:
    month = {"month": CHINESE_MONTHS[facts.details["month"] - 1]}
    if facts.details["leap"]:
        # Translators: month is such as "fifth month" (五月): the leap month after it (闰五月)
        return _("Chinese calendar: leap %(month)s") % month
    # Translators: month is such as "fifth month" (五月)
    return _("Chinese calendar: %(month)s") % month


def festival_title(facts: Facts) -> str:
    return str(HINDU_FESTIVALS[facts.details["festival"]])


_FEAST_TITLES: Phrases = {
    # Translators: a feast as the Western churches keep it
    "western_feast": gettext_lazy("%(feast)s (Western)"),
    # Translators: a feast as the Orthodox churches keep it
    "orthodox_feast": gettext_lazy("%(feast)s (Orthodox)"),
    # Translators: a feast as the Armenian Church keeps it
    "armenian_feast": gettext_lazy("%(feast)s (Armenian)"),
}


def feast_title(facts: Facts) -> str:
    return str(_FEAST_TITLES[facts.kind]) % {"feast": FEASTS[facts.details["feast"]]}


def month_told(facts: Facts) -> str:
    count = facts.details["length_days"]
    # Translators: "it" is a month of the Chinese calendar, of 29 or 30 days
    length = ngettext("It has %(count)d day.", "It has %(count)d days.", count) % {"count": count}
    return paragraph(ABOUT[facts.kind], length, _LEAP if facts.details["leap"] else "")


def chinese_day_told(facts: Facts) -> str:
    return paragraph(ABOUT[facts.kind], _CHINESE_DAY)


def new_year_told(facts: Facts) -> str:
    animal = ANIMALS[year_cycle(facts.details["chinese_year"]).animal]
    return paragraph(ABOUT[facts.kind], str(_ANIMAL) % {"animal": animal}, _CHINESE_DAY)


def tithi_told(facts: Facts) -> str:
    mansion = tuple(NAKSHATRAS.values())[facts.details["nakshatra"] - 1]
    return paragraph(ABOUT[facts.kind], str(_NAKSHATRA) % {"nakshatra": mansion}, _HINDU_TITHI)


def festival_told(facts: Facts) -> str:
    return paragraph(_FESTIVALS[facts.details["festival"]], ABOUT[facts.kind])


def feast_told(facts: Facts) -> str:
    feast = facts.details["feast"]
    own = _ADVENTS[facts.kind] if feast == "advent" else _FEASTS[feast]
    return paragraph(own, ABOUT[facts.kind])
