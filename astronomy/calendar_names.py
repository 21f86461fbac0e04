"""What the months, days and feasts of the calendars are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Names: TypeAlias = Mapping[str, "str | Promise"]

# Translators: the names of the 24 solar terms (节气, 節気) are titles of their own; in languages
# without established names keep the pinyin in brackets.
TERMS: Names = {
    "chunfen": pgettext_lazy("solar term", "Spring Equinox (Chunfen)"),
    "qingming": pgettext_lazy("solar term", "Pure Brightness (Qingming)"),
    "guyu": pgettext_lazy("solar term", "Grain Rain (Guyu)"),
    "lixia": pgettext_lazy("solar term", "Start of Summer (Lixia)"),
    "xiaoman": pgettext_lazy("solar term", "Grain Buds (Xiaoman)"),
    "mangzhong": pgettext_lazy("solar term", "Grain in Ear (Mangzhong)"),
    "xiazhi": pgettext_lazy("solar term", "Summer Solstice (Xiazhi)"),
    "xiaoshu": pgettext_lazy("solar term", "Minor Heat (Xiaoshu)"),
    "dashu": pgettext_lazy("solar term", "Major Heat (Dashu)"),
    "liqiu": pgettext_lazy("solar term", "Start of Autumn (Liqiu)"),
    "chushu": pgettext_lazy("solar term", "End of Heat (Chushu)"),
    "bailu": pgettext_lazy("solar term", "White Dew (Bailu)"),
    "qiufen": pgettext_lazy("solar term", "Autumn Equinox (Qiufen)"),
    "hanlu": pgettext_lazy("solar term", "Cold Dew (Hanlu)"),
    "shuangjiang": pgettext_lazy("solar term", "Frost's Descent (Shuangjiang)"),
    "lidong": pgettext_lazy("solar term", "Start of Winter (Lidong)"),
    "xiaoxue": pgettext_lazy("solar term", "Minor Snow (Xiaoxue)"),
    "daxue": pgettext_lazy("solar term", "Major Snow (Daxue)"),
    "dongzhi": pgettext_lazy("solar term", "Winter Solstice (Dongzhi)"),
    "xiaohan": pgettext_lazy("solar term", "Minor Cold (Xiaohan)"),
    "dahan": pgettext_lazy("solar term", "Major Cold (Dahan)"),
    "lichun": pgettext_lazy("solar term", "Start of Spring (Lichun)"),
    "yushui": pgettext_lazy("solar term", "Rain Water (Yushui)"),
    "jingzhe": pgettext_lazy("solar term", "Awakening of Insects (Jingzhe)"),
}
# Translators: a month of the Chinese calendar by its established name: 正月, 二月 … 冬月, 腊月; in
# languages without such names the number of the month, in the form that follows a colon.
CHINESE_MONTHS: Final = (
    pgettext_lazy("chinese month", "first month"),
    pgettext_lazy("chinese month", "second month"),
    pgettext_lazy("chinese month", "third month"),
    pgettext_lazy("chinese month", "fourth month"),
    pgettext_lazy("chinese month", "fifth month"),
    pgettext_lazy("chinese month", "sixth month"),
    pgettext_lazy("chinese month", "seventh month"),
    pgettext_lazy("chinese month", "eighth month"),
    pgettext_lazy("chinese month", "ninth month"),
    pgettext_lazy("chinese month", "tenth month"),
    pgettext_lazy("chinese month", "eleventh month"),
    pgettext_lazy("chinese month", "twelfth month"),
)
# Translators: the animal of a year of the Chinese calendar
ANIMALS: Names = {
    "rat": pgettext_lazy("zodiac animal", "Rat"),
    "ox": pgettext_lazy("zodiac animal", "Ox"),
    "tiger": pgettext_lazy("zodiac animal", "Tiger"),
    "rabbit": pgettext_lazy("zodiac animal", "Rabbit"),
    "dragon": pgettext_lazy("zodiac animal", "Dragon"),
    "snake": pgettext_lazy("zodiac animal", "Snake"),
    "horse": pgettext_lazy("zodiac animal", "Horse"),
    "goat": pgettext_lazy("zodiac animal", "Goat"),
    "monkey": pgettext_lazy("zodiac animal", "Monkey"),
    "rooster": pgettext_lazy("zodiac animal", "Rooster"),
    "dog": pgettext_lazy("zodiac animal", "Dog"),
    "pig": pgettext_lazy("zodiac animal", "Pig"),
}
# Translators: the established name of a Chinese festival
CHINESE_FESTIVALS: Names = {
    "chinese_new_year": pgettext_lazy("chinese festival", "Spring Festival"),
    "lantern_festival": pgettext_lazy("chinese festival", "Lantern Festival"),
    "dragon_boat_festival": pgettext_lazy("chinese festival", "Dragon Boat Festival"),
    "qixi_festival": pgettext_lazy("chinese festival", "Qixi Festival"),
    "ghost_festival": pgettext_lazy("chinese festival", "Ghost Festival"),
    "mid_autumn_festival": pgettext_lazy("chinese festival", "Mid-Autumn Festival"),
    "double_ninth_festival": pgettext_lazy("chinese festival", "Double Ninth Festival"),
    "laba_festival": pgettext_lazy("chinese festival", "Laba Festival"),
    "chinese_new_years_eve": pgettext_lazy("chinese festival", "Chinese New Year's Eve"),
    "qingming_festival": pgettext_lazy("chinese festival", "Qingming Festival"),
    "winter_solstice_festival": pgettext_lazy("chinese festival", "Winter Solstice Festival"),
}
# Translators: a lunar month of the Hindu calendar
HINDU_MONTHS: Names = {
    "chaitra": pgettext_lazy("hindu month", "Chaitra"),
    "vaishakha": pgettext_lazy("hindu month", "Vaishakha"),
    "jyeshtha": pgettext_lazy("hindu month", "Jyeshtha"),
    "ashadha": pgettext_lazy("hindu month", "Ashadha"),
    "shravana": pgettext_lazy("hindu month", "Shravana"),
    "bhadrapada": pgettext_lazy("hindu month", "Bhadrapada"),
    "ashvina": pgettext_lazy("hindu month", "Ashvina"),
    "kartika": pgettext_lazy("hindu month", "Kartika"),
    "margashirsha": pgettext_lazy("hindu month", "Margashirsha"),
    "pausha": pgettext_lazy("hindu month", "Pausha"),
    "magha": pgettext_lazy("hindu month", "Magha"),
    "phalguna": pgettext_lazy("hindu month", "Phalguna"),
}
# Translators: a lunar day of the Hindu calendar
TITHIS: Names = {
    "pratipada": pgettext_lazy("tithi", "Pratipada"),
    "dvitiya": pgettext_lazy("tithi", "Dvitiya"),
    "tritiya": pgettext_lazy("tithi", "Tritiya"),
    "chaturthi": pgettext_lazy("tithi", "Chaturthi"),
    "panchami": pgettext_lazy("tithi", "Panchami"),
    "shashthi": pgettext_lazy("tithi", "Shashthi"),
    "saptami": pgettext_lazy("tithi", "Saptami"),
    "ashtami": pgettext_lazy("tithi", "Ashtami"),
    "navami": pgettext_lazy("tithi", "Navami"),
    "dashami": pgettext_lazy("tithi", "Dashami"),
    "ekadashi": pgettext_lazy("tithi", "Ekadashi"),
    "dvadashi": pgettext_lazy("tithi", "Dvadashi"),
    "trayodashi": pgettext_lazy("tithi", "Trayodashi"),
    "chaturdashi": pgettext_lazy("tithi", "Chaturdashi"),
    "purnima": pgettext_lazy("tithi", "Purnima"),
    "amavasya": pgettext_lazy("tithi", "Amavasya"),
}
# Translators: the bright and the dark half of the Hindu month
PAKSHAS: Names = {
    "shukla": pgettext_lazy("paksha", "Shukla"),
    "krishna": pgettext_lazy("paksha", "Krishna"),
}
# Translators: one of the 27 mansions of the Moon
NAKSHATRAS: Names = {
    "ashvini": pgettext_lazy("nakshatra", "Ashvini"),
    "bharani": pgettext_lazy("nakshatra", "Bharani"),
    "krittika": pgettext_lazy("nakshatra", "Krittika"),
    "rohini": pgettext_lazy("nakshatra", "Rohini"),
    "mrigashira": pgettext_lazy("nakshatra", "Mrigashira"),
    "ardra": pgettext_lazy("nakshatra", "Ardra"),
    "punarvasu": pgettext_lazy("nakshatra", "Punarvasu"),
    "pushya": pgettext_lazy("nakshatra", "Pushya"),
    "ashlesha": pgettext_lazy("nakshatra", "Ashlesha"),
    "magha": pgettext_lazy("nakshatra", "Magha"),
    "purva_phalguni": pgettext_lazy("nakshatra", "Purva Phalguni"),
    "uttara_phalguni": pgettext_lazy("nakshatra", "Uttara Phalguni"),
    "hasta": pgettext_lazy("nakshatra", "Hasta"),
    "chitra": pgettext_lazy("nakshatra", "Chitra"),
    "svati": pgettext_lazy("nakshatra", "Svati"),
    "vishakha": pgettext_lazy("nakshatra", "Vishakha"),
    "anuradha": pgettext_lazy("nakshatra", "Anuradha"),
    "jyeshtha": pgettext_lazy("nakshatra", "Jyeshtha"),
    "mula": pgettext_lazy("nakshatra", "Mula"),
    "purva_ashadha": pgettext_lazy("nakshatra", "Purva Ashadha"),
    "uttara_ashadha": pgettext_lazy("nakshatra", "Uttara Ashadha"),
    "shravana": pgettext_lazy("nakshatra", "Shravana"),
    "dhanishtha": pgettext_lazy("nakshatra", "Dhanishtha"),
    "shatabhisha": pgettext_lazy("nakshatra", "Shatabhisha"),
    "purva_bhadrapada": pgettext_lazy("nakshatra", "Purva Bhadrapada"),
    "uttara_bhadrapada": pgettext_lazy("nakshatra", "Uttara Bhadrapada"),
    "revati": pgettext_lazy("nakshatra", "Revati"),
}
# Translators: the established name of a Hindu festival
HINDU_FESTIVALS: Names = {
    "ugadi": pgettext_lazy("hindu festival", "Lunar New Year (Ugadi, Gudi Padwa)"),
    "rama_navami": pgettext_lazy("hindu festival", "Rama Navami"),
    "buddha_purnima": pgettext_lazy("hindu festival", "Buddha Purnima"),
    "guru_purnima": pgettext_lazy("hindu festival", "Guru Purnima"),
    "janmashtami": pgettext_lazy("hindu festival", "Krishna Janmashtami"),
    "ganesha_chaturthi": pgettext_lazy("hindu festival", "Ganesha Chaturthi"),
    "navaratri": pgettext_lazy("hindu festival", "Beginning of Sharad Navaratri"),
    "vijayadashami": pgettext_lazy("hindu festival", "Vijayadashami (Dussehra)"),
    "diwali": pgettext_lazy("hindu festival", "Diwali"),
    "vasant_panchami": pgettext_lazy("hindu festival", "Vasant Panchami"),
    "maha_shivaratri": pgettext_lazy("hindu festival", "Maha Shivaratri"),
    "holi": pgettext_lazy("hindu festival", "Holi"),
}
# Translators: a month of the old Armenian calendar
ARMENIAN_MONTHS: Names = {
    "navasard": pgettext_lazy("armenian month", "Navasard"),
    "hori": pgettext_lazy("armenian month", "Hori"),
    "sahmi": pgettext_lazy("armenian month", "Sahmi"),
    "tre": pgettext_lazy("armenian month", "Tre"),
    "kaloch": pgettext_lazy("armenian month", "Kaloch"),
    "arats": pgettext_lazy("armenian month", "Arats"),
    "mehekan": pgettext_lazy("armenian month", "Mehekan"),
    "areg": pgettext_lazy("armenian month", "Areg"),
    "ahekan": pgettext_lazy("armenian month", "Ahekan"),
    "mareri": pgettext_lazy("armenian month", "Mareri"),
    "margats": pgettext_lazy("armenian month", "Margats"),
    "hrotits": pgettext_lazy("armenian month", "Hrotits"),
    "aveleats": pgettext_lazy("armenian month", "Aveleats"),
}
# Translators: a feast of the Christian year; use the word of the churches that keep it
FEASTS: Names = {
    "ash_wednesday": pgettext_lazy("feast", "Ash Wednesday"),
    "great_lent": pgettext_lazy("feast", "Beginning of Great Lent"),
    "palm_sunday": pgettext_lazy("feast", "Palm Sunday"),
    "maundy_thursday": pgettext_lazy("feast", "Maundy Thursday"),
    "good_friday": pgettext_lazy("feast", "Good Friday"),
    "easter": pgettext_lazy("feast", "Easter"),
    "new_sunday": pgettext_lazy("feast", "New Sunday"),
    "green_sunday": pgettext_lazy("feast", "Green Sunday"),
    "ascension": pgettext_lazy("feast", "Ascension"),
    "pentecost": pgettext_lazy("feast", "Pentecost"),
    "trinity_sunday": pgettext_lazy("feast", "Trinity Sunday"),
    "corpus_christi": pgettext_lazy("feast", "Corpus Christi"),
    "all_saints": pgettext_lazy("feast", "All Saints"),
    "saint_vardan": pgettext_lazy("feast", "Saint Vardan"),
    "poon_barekendan": pgettext_lazy("feast", "Poon Barekendan"),
    "vardavar": pgettext_lazy("feast", "Vardavar"),
    "theophany": pgettext_lazy("feast", "Nativity and Theophany"),
    "presentation": pgettext_lazy("feast", "Presentation of the Lord"),
    "annunciation": pgettext_lazy("feast", "Annunciation"),
    "assumption": pgettext_lazy("feast", "Assumption of Mary"),
    "exaltation_of_the_cross": pgettext_lazy("feast", "Exaltation of the Cross"),
    "cross_of_varag": pgettext_lazy("feast", "Holy Cross of Varag"),
    "advent": pgettext_lazy("feast", "Beginning of Advent"),
}
