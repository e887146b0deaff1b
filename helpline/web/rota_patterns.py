"""GET /groups/<group>/rota/patterns: shifts that come again, made in words."""

from collections.abc import Callable
from typing import Final

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import DateField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from helpline.rota import Pattern
from helpline.rota_edits import CannotEdit, ChangePattern, Edit, EndPattern, NewPattern
from helpline.rota_views import sentences
from helpline.rota_views.sentences import NotUnderstood
from helpline.spreadsheets import naming, writing
from helpline.spreadsheets.naming import Names, NoSuchPerson
from helpline.web import previews, rota_words
from helpline.web.access import Role, group, open_to
from helpline.web.house import house, now
from helpline.web.rota_door import EditForm, ask_or_save, newest, rota, save_or_say, today
from helpline.web.rota_words import gettext
from helpline.web.wording import language
from helpline.when.day_words import RotaWordsError, parse_recurrence, say_recurrence
from helpline.when.recurrence import Recurrence, dates_of

# As wide as the table has them, in English.
_LONGEST_DAYS: Final = 80
_NEEDED: Final = DataRequired(lazy_gettext("Say which."))
_NOT_UNDERSTOOD: Final = {
    "times": lazy_gettext("Say from when until when, such as 18:00–22:00."),
    "days": lazy_gettext("Say on which days first, such as every Tue and Thu."),
    "date": lazy_gettext("Say dates such as 1 December, or 2026-12-01."),
}


class PatternForm(EditForm):
    """A pattern, field by field; or in one sentence, which fills the fields."""

    sentence = StringField(lazy_gettext("In words"), [Length(max=300)])
    days = StringField(lazy_gettext("Days"), [_NEEDED, Length(max=2 * _LONGEST_DAYS)])
    start = TimeField(lazy_gettext("From"), [_NEEDED])
    end = TimeField(lazy_gettext("Until"), [_NEEDED])
    people = StringField(lazy_gettext("Who is on"), [Length(max=2000)])
    starts_on = DateField(lazy_gettext("From which day on"), [_NEEDED])
    ends_on = DateField(lazy_gettext("Last day"), [Optional()])
    recurrence: Recurrence
    volunteers: tuple[int, ...] = ()
    names: Names

    def validate_days(self, field: StringField) -> None:
        """Days that are understood, and that ever come."""
        try:
            self.recurrence = parse_recurrence(field.data or "")
        except RotaWordsError:
            raise ValidationError(
                gettext("Write days such as Mon-Fri; Sat, Sun; first Mon; or every 2 weeks Tue.")
            ) from None
        if len(say_recurrence(self.recurrence)) > _LONGEST_DAYS:
            raise ValidationError(gettext("That is more than fits: make two patterns of it."))

    def validate_people(self, field: StringField) -> None:
        """Names of people in the group."""
        found = list(self.names.read(field.data or ""))
        unknown = [each for each in found if isinstance(each, NoSuchPerson)]
        if unknown:
            raise ValidationError(" ".join(map(_nobody, unknown)))
        self.volunteers = tuple(sorted({each for each in found if isinstance(each, int)}))
        if not self.names.members.issuperset(self.volunteers):
            raise ValidationError(gettext("Only people of this group can be on its rota."))

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("This is before the first day."))

    def fill_in(self) -> bool:
        """Fill the fields from the sentence, if there is one. Whether it was understood."""
        if not (self.sentence.data or "").strip():
            return True
        try:
            said = sentences.read(self.sentence.data, today())
        except NotUnderstood as problem:
            self.sentence.errors = [_NOT_UNDERSTOOD[problem.what]]
            return False
        self.days.data = say_recurrence(said.days, language())
        self.start.data, self.end.data = said.start, said.end
        self.people.data = said.people
        self.starts_on.data, self.ends_on.data = said.starts_on, said.ends_on
        return True


class EndForm(EditForm):
    """When a pattern ends."""

    from_date = DateField(lazy_gettext("None from this day on"), [_NEEDED])


@rota.get("/groups/<int:group_id>/rota/patterns")
@open_to(Role.COORDINATOR)
def patterns(group_id: int) -> str:
    """Every pattern that has shifts to come."""
    with house().database.reading() as reading:
        found = writing.patterns_of(reading, group(), now())
        names = naming.names_in(reading, group().id)
    return render_template(
        "rota/patterns.html",
        patterns=[
            (
                each,
                rota_words.say_pattern(each.days, each.start, each.end),
                rota_words.say_names(each.volunteers, names.by_id),
            )
            for each in found
        ],
        today=today(),
    )


@rota.get("/groups/<int:group_id>/rota/patterns/new")
@open_to(Role.COORDINATOR)
def new_pattern(group_id: int) -> str:
    """A sentence, or fields."""
    known = {"starts_on": today(), "seen": newest()}
    return _page(PatternForm(formdata=None, data=known), None)


@rota.post("/groups/<int:group_id>/rota/patterns/new")
@open_to(Role.COORDINATOR)
def make_pattern(group_id: int) -> ResponseReturnValue:
    """The next five dates and what changes, before it is saved."""
    form = PatternForm()

    def edit() -> Edit:
        when = form.start.data, form.end.data
        until = form.ends_on.data
        return NewPattern(form.recurrence, *when, form.volunteers, form.starts_on.data, until)

    return _look(form, None, edit)


@rota.get("/groups/<int:group_id>/rota/patterns/<int:pattern_id>")
@open_to(Role.COORDINATOR)
def change_pattern(group_id: int, pattern_id: int) -> str:
    """A pattern as it is, to be changed from a date on."""
    pattern = _pattern(pattern_id)
    with house().database.reading() as reading:
        names = naming.names_in(reading, group().id)
    known = {
        "days": say_recurrence(pattern.days, language()),
        "start": pattern.start,
        "end": pattern.end,
        "people": names.cell(pattern.volunteers).lstrip("'"),
        "starts_on": max(today(), pattern.starts_on),
        "ends_on": pattern.ends_on,
        "seen": newest(),
    }
    return _page(PatternForm(formdata=None, data=known), pattern)


@rota.post("/groups/<int:group_id>/rota/patterns/<int:pattern_id>")
@open_to(Role.COORDINATOR)
def make_change(group_id: int, pattern_id: int) -> ResponseReturnValue:
    """What changes from a date on, before it is saved."""
    form, pattern = PatternForm(), _pattern(pattern_id)

    def edit() -> Edit:
        return ChangePattern(
            pattern_id,
            form.starts_on.data,
            form.recurrence,
            form.start.data,
            form.end.data,
            form.volunteers,
            form.ends_on.data,
        )

    return _look(form, pattern, edit)


@rota.post("/groups/<int:group_id>/rota/patterns/<int:pattern_id>/end")
@open_to(Role.COORDINATOR)
def end_pattern(group_id: int, pattern_id: int) -> ResponseReturnValue:
    """It comes no more from a date on."""
    form = EndForm()
    if not form.validate():
        abort(400)
    return save_or_say([EndPattern(pattern_id, form.from_date.data)], form)


def _look(
    form: PatternForm, pattern: Pattern | None, edit: Callable[[], Edit]
) -> ResponseReturnValue:
    with house().database.reading() as reading:
        form.names = naming.names_in(reading, group().id)
    if not form.fill_in() or not form.validate():
        return _page(form, pattern), 422
    dates = dates_of(form.recurrence, form.starts_on.data, form.ends_on.data, today())
    if next(dates, None) is None:
        form.days.errors = [gettext("There is no such day between the first and the last.")]
        return _page(form, pattern), 422
    try:
        return ask_or_save([edit()], form, always=True)
    except CannotEdit as problem:
        form.starts_on.errors = [previews.cannot(problem)]
        return _page(form, pattern), 422


def _page(form: PatternForm, pattern: Pattern | None) -> str:
    return render_template(
        "rota/pattern.html",
        form=form,
        pattern=pattern,
        words=pattern and rota_words.say_pattern(pattern.days, pattern.start, pattern.end),
        ending=EndForm(
            formdata=None, data={"from_date": form.starts_on.data, "seen": form.seen.data}
        ),
    )


def _pattern(pattern_id: int) -> Pattern:
    with house().database.reading() as reading:
        found = writing.patterns_of(reading, group(), now())
    pattern = next((each for each in found if each.id == pattern_id), None)
    if pattern is None:
        abort(404)
    return pattern


def _nobody(person: NoSuchPerson) -> str:
    if not person.meant:
        return gettext("There is nobody called “%(name)s” in this group.", name=person.said)
    meant = rota_words.listed(list(person.meant))
    return gettext("“%(name)s”: do you mean %(meant)s?", name=person.said, meant=meant)
