"""The columns of ten languages; the order of LANGUAGES is part of the schema."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from events.models import ANNOUNCED_FIELDS, TRANSLATED_FIELDS, Announcement, Event


@register(Event)
class EventTranslationOptions(TranslationOptions):
    fields = TRANSLATED_FIELDS
    required_languages = ("en",)


@register(Announcement)
class AnnouncementTranslationOptions(TranslationOptions):
    fields = ANNOUNCED_FIELDS
    required_languages = ("en",)
