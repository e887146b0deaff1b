"""The rota as a spreadsheet: taken out, changed in any program, and brought back all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from helpline import audit, rota_edits
from helpline.rota_edits import (
    CannotEdit,
    ChangedMeanwhile,
    Edit,
    EndPattern,
    Saved,
    Since,
    dump_edits,
    load_edits,
)
from helpline.rota_edits.saving import saved_once
from helpline.spreadsheets.edits import Import, read_import
from helpline.spreadsheets.files import SaveAsXlsxOrCsv, WhyUnreadable, as_csv, as_xlsx, read
from helpline.spreadsheets.writing import Table, patterns_table, shifts_table
from helpline.web import previews, rota_words, spreadsheet_words
from helpline.web.access import Role, asker, group, open_to
from helpline.web.edits_in_addresses import address_of, edits_of_address
from helpline.web.forms import Form, OnceForm, new_once
from helpline.web.house import house, now
from helpline.web.rota_door import first_week
from helpline.web.wording import language

spreadsheets = Blueprint("spreadsheets", __name__)

_LONGEST: Final = timedelta(days=366)
_KINDS: Final[Mapping[str, tuple[Callable[[Table], bytes], str]]] = {
    "xlsx": (
        lambda table: as_xlsx("Rota", table),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}
# What is previewed goes to the browser and comes back: it must fit into a form.
_MOST_EDITS: Final = 2_000
_WRONG_SHOWN: Final = 50


class ExportForm(Form):
    """What to take out. It changes nothing, and is sent as an address."""

    class Meta:
        """A form that is an address has no token in it."""

        csrf = False

    what = RadioField(
        lazy_gettext("What"),
        choices=[
            SelectChoice("shifts", lazy_gettext("Shifts, day by day")),
            SelectChoice("patterns", lazy_gettext("The patterns they come from")),
        ],
        default="shifts",
    )
    first = DateField(lazy_gettext("From"), [InputRequired()])
    last = DateField(lazy_gettext("Until"), [InputRequired()])
    kind = RadioField(
        lazy_gettext("For"),
        choices=[
            SelectChoice("xlsx", lazy_gettext("Excel and others (.xlsx)")),
            SelectChoice("csv", "CSV"),
        ],
        default="xlsx",
    )

    def validate_last(self, field: DateField) -> None:
        """Not before the first, nor more than a year after it."""
        if (
            self.first.data
            and field.data
            and not (timedelta(0) <= field.data - self.first.data <= _LONGEST)
        ):
            raise ValidationError(gettext("Take a day after the first, within a year of it."))


class UploadForm(Form):
    """A file to look at; nothing is changed by it yet."""

    file = FileField(lazy_gettext("A spreadsheet (.xlsx or .csv)"))


class SaveForm(OnceForm):
    """What was previewed, to be saved. `seen` is the newest edit that the preview knew."""

    edits = HiddenField()
    seen = HiddenField()


@spreadsheets.get("/groups/<int:group_id>/rota/spreadsheets")
@open_to(Role.COORDINATOR)
def show(group_id: int) -> ResponseReturnValue:
    """The two forms: out, and in."""
    return _page()


@spreadsheets.get("/groups/<int:group_id>/rota/export")
@open_to(Role.COORDINATOR)
def export(group_id: int) -> ResponseReturnValue:
    """The shifts of a span, or the patterns, as a file."""
    form = ExportForm(request.args)
    if not form.validate():
        return _page(export=form), 422
    first, last, what = form.first.data, form.last.data, form.what.data
    with house().database.reading() as reading:
        if what == "shifts":
            table = shifts_table(reading, group(), first, last, language())
        else:
            table = patterns_table(reading, group(), now(), language())
    with house().database.unit_of_work() as writing:
        audit.write(
            writing,
            "rota_taken_out",
            now(),
            by_id=asker().volunteer_id,
            group_id=group_id,
            detail=f"{first} – {last}",
        )
    write, kind = _KINDS[form.kind.data]
    answer = Response(write(table), content_type=kind)
    name = f"rota-{first}-{last}" if what == "shifts" else f"rota-patterns-{_today()}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.kind.data}"'
    return answer


@spreadsheets.post("/groups/<int:group_id>/rota/import")
@open_to(Role.COORDINATOR)
def import_(group_id: int) -> ResponseReturnValue:
    """What a file would change, or everything wrong with it. Nothing is changed."""
    form = UploadForm()
    if not form.file.data:
        form.file.errors = [gettext("Choose a file first.")]
        return _page(upload=form), 422
    try:
        with house().database.reading() as reading:
            found = read_import(reading, group(), read(form.file.data.read()), now())
    except SaveAsXlsxOrCsv as refused:
        form.file.errors = [spreadsheet_words.UNREADABLE[refused.why]]
        return _page(upload=form), 422
    if len(found.edits) > _MOST_EDITS:
        form.file.errors = [spreadsheet_words.UNREADABLE[WhyUnreadable.TOO_LONG]]
        return _page(upload=form), 422
    if found.wrong:
        return _wrong_page(found), 422
    if not found.edits:
        flash(gettext("The rota is as this file says already. There is nothing to change."))
        return redirect(url_for("spreadsheets.show", group_id=group_id))
    address = address_of("spreadsheets.look", found.edits, group_id=group_id, once=new_once())
    # As at the rota's other pages: Back does not send the file again. Of a very long one, which no
    # address can carry, the page itself names where Back leads (`data-instead`).
    return _preview(found.edits) if address is None else redirect(address, 303)


@spreadsheets.get("/groups/<int:group_id>/rota/import/look")
@open_to(Role.COORDINATOR)
def look(group_id: int) -> ResponseReturnValue:
    """What a file would change; once it is saved, to the rota."""
    edits, once = edits_of_address(), request.args.get("once")
    with house().database.reading() as reading:
        before = saved_once(reading, group_id, once)
    return _preview(edits, once=once) if before is None else _to_rota(edits, before)


@spreadsheets.post("/groups/<int:group_id>/rota/import/save")
@open_to(Role.COORDINATOR)
def save(group_id: int) -> ResponseReturnValue:
    """Save what was previewed: all of it, or nothing."""
    form = SaveForm()
    edits, seen = _sent(form)
    if not form.validate():
        abort(400)
    try:
        with house().database.unit_of_work() as writing:
            saved = rota_edits.save(
                writing,
                group(),
                edits,
                by=asker().volunteer_id,
                at=now(),
                seen=seen,
                once=form.once.data,
            )
    except CannotEdit as problem:
        return _preview(edits, problem)
    return _to_rota(edits, saved)


def _to_rota(edits: tuple[Edit, ...], saved: Saved) -> ResponseReturnValue:
    """To the first week that changes: it says what was saved, and has the button to undo it."""
    week = first_week(edits)
    return redirect(url_for("rota.week", group_id=group().id, week=week, saved=saved.id))


def _sent(form: SaveForm) -> tuple[tuple[Edit, ...], int]:
    """The edits that come back from the preview, and what it had seen. Whatever else is 400."""
    try:
        return load_edits(form.edits.data or ""), int(form.seen.data or "")
    except (ValueError, RecursionError):
        abort(400)


def _preview(
    edits: tuple[Edit, ...], problem: CannotEdit | None = None, once: str | None = None
) -> ResponseReturnValue:
    """What the edits would change as the rota is now; and why they were not saved, if so."""
    zone = ZoneInfo(group().timezone)
    since = problem.since if isinstance(problem, ChangedMeanwhile) else ()
    try:
        with house().database.reading() as reading:
            found = rota_edits.preview(reading, house().rules, group(), edits, now())
            theirs = _theirs(reading, since)
    except CannotEdit as cannot:
        upload = UploadForm()
        words = gettext("The rota has changed meanwhile; nothing was saved. Take it out anew.")
        upload.file.errors = [f"{previews.cannot(cannot)} {words}"]
        return _page(upload=upload), 409
    form = SaveForm(formdata=None, edits=dump_edits(edits), seen=found.seen, once=once)
    page = render_template(
        "spreadsheets/preview.html",
        said=previews.say(found, group().id, zone),
        form=form,
        problem=previews.cannot(problem) if problem else None,
        theirs=theirs,
        ending=sum(isinstance(edit, EndPattern) for edit in edits),
    )
    return page, 409 if problem else 200


def _theirs(
    reading: Session, since: Sequence[Since]
) -> list[tuple[str | None, datetime, list[str]]]:
    """What others have done meanwhile: who, when, and what, a line for each thing."""
    if not since:
        return []
    past = rota_edits.history(reading, group().id, now(), before=since[-1].id + 1)
    meant = {each.id for each in since}
    return [
        (
            past.names.get(each.made_by_id or 0),
            each.made_at,
            rota_words.say_past(each, past.names)[: previews.SHOWN],
        )
        for each in past.edits
        if each.id in meant
    ]


def _wrong_page(found: Import) -> str:
    return render_template(
        "spreadsheets/wrong.html",
        wrong=[spreadsheet_words.say(each) for each in found.wrong[:_WRONG_SHOWN]],
        more=max(0, len(found.wrong) - _WRONG_SHOWN),
        form=UploadForm(),
    )


def _page(export: ExportForm | None = None, upload: UploadForm | None = None) -> str:
    if export is None:
        today = _today()
        export = ExportForm(formdata=None, first=today, last=today + timedelta(weeks=4))
    return render_template("spreadsheets/show.html", export=export, upload=upload or UploadForm())


def _today() -> date:
    return now().astimezone(ZoneInfo(group().timezone)).date()
