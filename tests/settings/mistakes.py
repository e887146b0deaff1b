"""Mistakes that a coordinator may make in config.yaml, and what each is told.

Name -> (what the shipped file says, what is written in its place, what follows the line number).
"""

HOURS = '- {days: Mon-Sun, from: "08:00", to: "18:00"}'

MISTAKES = {
    "a time that no clock shows": (
        '- {days: Mon-Sun, from: "08:00", to: "18:00"}',
        '- {days: Mon-Sun, from: "08:00", to: "25:00"}',
        ", hours, open, row 1: 'to' says 25:00; write a time such as 18:00",
    ),
    "a day that no week has": (
        HOURS,
        '- {days: Blursday, from: "08:00", to: "18:00"}',
        ", hours, open, row 1: 'days' says Blursday; write days such as Mon-Fri, or Sat, Sun",
    ),
    "a time left out": (
        '- {days: Mon-Sun, from: "08:00", to: "18:00"}',
        '- {days: Mon-Sun, from: "08:00"}',
        ", hours, open, row 1: 'to' is missing; add it",
    ),
    "a time left blank": (
        '- {days: Mon-Sun, from: "08:00", to: "18:00"}',
        "- {days: Mon-Sun, from: , to: '18:00'}",
        ", hours, open, row 1: 'from' says nothing; write a time such as 18:00",
    ),
    "no hours": (
        'open:\n    - {days: Mon-Sun, from: "08:00", to: "18:00"}',
        "open: []",
        ', hours, open: has no rows; write one such as {days: Mon-Fri, from: "08:00", to: "18:00"}',
    ),
    "hours that are not rows": (
        'open:\n    - {days: Mon-Sun, from: "08:00", to: "18:00"}',
        "open: always",
        ", hours, open: write a list here, one row a line, each after a dash",
    ),
    "a date that is none": (
        "{date: 2026-12-25,",
        "{date: 2026-12-32,",
        ", hours, holidays, row 1: 'date' says 2026-12-32; write a date such as 2026-12-25",
    ),
    "a holiday twice": (
        "- {date: 2027-01-01, name: New Year's Day}",
        "- {date: 2026-12-25, name: Christmas}",
        ", hours, holidays, row 2: 2026-12-25 is here twice; remove one of them",
    ),
    "a name spelled wrong": (
        "speaking_rate:",
        "speeking_rate:",
        ": 'speeking_rate' is not known; did you mean 'speaking_rate'?",
    ),
    "a name like no other": (
        'texts: {ask_next_morning_at: "10:00"}',
        "texts: {xyz: 1}",
        ", texts: 'xyz' is not known; known here: ask_next_morning_at",
    ),
    "a prompt like no other": (
        "  one_moment:",
        "  xyz: {}\n  one_moment:",
        ", spoken: 'xyz' is not known; "
        "the file that came with the helpline holds every name there is",
    ),
    "a name twice": (
        'emergency_number: "999"',
        'menu: {talk: "1"}\nemergency_number: "999"',
        ": 'menu' is here twice; remove one of them",
    ),
    "a list where words belong": (
        'emergency_number: "999"',
        "emergency_number: [999, 112]",
        ", emergency_number: write plain words here, not a list or names with values",
    ),
    "words where names belong": (
        'menu: {talk: "1", offer: "2", message: "3"}',
        "menu: 1 2 3",
        ", menu: write names with values here, such as 'name: value'",
    ),
    "a reserved key": (
        'talk: "1"',
        'talk: "*"',
        ", menu: 'talk' says *; write one key from 1 to 9 (0, * and # have meanings of their own)",
    ),
    "the key of the languages": (
        'offer: "2"',
        'offer: "9"',
        ", menu, offer: key 9 already changes the language; choose another from 1 to 9",
    ),
    "a key twice": (
        'message: "3"',
        'message: "2"',
        ", menu, message: key 2 already is 'offer'; choose another from 1 to 9",
    ),
    "too fast to follow": (
        'speaking_rate: "85%"',
        'speaking_rate: "fast"',
        ': \'speaking_rate\' says fast; write a share of ordinary speed from "20%" to "200%"',
    ),
    "an unknown ring order": (
        "order: one_by_one",
        "order: random",
        ", ringing: 'order' says random; write one_by_one or all_at_once",
    ),
    "a number too large": (
        "ring_seconds: 20",
        "ring_seconds: 600",
        ", ringing: 'ring_seconds' says 600; write a whole number from 10 to 60",
    ),
    "no time for a single ring": (
        "ring_seconds: 20, give_up_after_seconds: 75",
        "ring_seconds: 40, give_up_after_seconds: 30",
        ", ringing, give_up_after_seconds: is shorter than one ring; make it longer",
    ),
    "a first try after the promise": (
        "first_try_after_minutes: 10",
        "first_try_after_minutes: 60",
        ", callbacks, first_try_after_minutes: is past the promise; make it shorter",
    ),
    "a question in the quiet hours": (
        'ask_next_morning_at: "10:00"',
        'ask_next_morning_at: "07:30"',
        ", texts, ask_next_morning_at: is in the quiet hours; choose a later time",
    ),
    "an emergency number in words": (
        'emergency_number: "999"',
        "emergency_number: nine nine nine",
        ": 'emergency_number' says nine nine nine; write a number such as 999",
    ),
    "a fallback number that is none": (
        'fallback_number: "+441632960999"',
        'fallback_number: "01632 96099999"',
        ": 'fallback_number' is not a phone number; "
        "write one such as 07700 900123 or +447700900123",
    ),
    "a word of the carriers": (
        "en: [CALL, RING, CALL ME,",
        "en: [CALL, cancel, CALL ME,",
        ", keywords, call, en, row 2: CANCEL belongs to the phone carriers; choose another word",
    ),
    "a keyword of two words": (
        "en: [CALL, RING, CALL ME,",
        "en: [CALL ME,",
        ", keywords, call, en: 'row 1' says CALL ME; write one word of letters",
    ),
    "a word in place of A that is none": (
        "en: [DONE, ALL DONE,",
        "en: [DONE 1, ALL DONE,",
        ", keywords, done, en: 'row 1' says DONE 1; write words of letters",
    ),
    "a language without keyword": (
        """pl: [ZADZWOŃ, ZADZWON, TELEFON, PROSZĘ ZADZWONIĆ, PROSZE ZADZWONIC, ODDZWOŃ, ODDZWON,
      ZADZWOŃ DO MNIE, ZADZWON DO MNIE, PROSZĘ O TELEFON, PROSZE O TELEFON, PROSZĘ ODDZWONIĆ,
      PROSZE ODDZWONIC]""",
        "pl: []",
        ", keywords, call, pl: has no word in 'pl' for 'please ring me'; write one",
    ),
    "a locale that is none": (
        "locale: pl_PL",
        "locale: polish",
        ", languages, pl: 'locale' says polish; write a locale such as en_GB",
    ),
    "a language without voice": (
        "locale: pl_PL, voice: Polly.Ewa",
        "locale: pl_PL",
        ", languages, pl: 'voice' is missing; add it",
    ),
    "a prompt in one language": (
        'one_moment:\n    en: "One moment, please."\n    pl: "Chwileczkę, proszę."\n',
        'one_moment:\n    en: "One moment, please."\n',
        ", spoken, one_moment: 'pl' is missing; add it",
    ),
    "a prompt of no words": (
        '"Chwileczkę, proszę."',
        '" "',
        ", spoken, one_moment: 'pl' says nothing; write some words",
    ),
    "a prompt that does not exist": (
        "  one_moment:",
        "  one_momnt:",
        ", spoken: 'one_momnt' is not known; did you mean 'one_moment'?",
    ),
    "a brace that is not filled in": (
        '"Hello. This is {line}."',
        '"Hello, {caller}."',
        ", spoken, welcome: 'en' says Hello, {caller}.; {caller} is not known here; use {line}",
    ),
    "a brace that must be there": (
        '"Thank you. {code} is done."',
        '"Thank you."',
        ", texted, outcome_done: 'en' says Thank you.; {code} is missing; put it where it belongs",
    ),
    "half a brace": (
        '"One moment, please."',
        '"One moment, {please."',
        ", spoken, one_moment: 'en' says One moment, {please.; "
        "a brace stands alone; write names in {braces}, and no other braces",
    ),
    "too few weekdays": (
        "weekdays: [on Monday, on Tuesday,",
        "weekdays: [on Tuesday,",
        ", small_words, en, weekdays: has 6 words; write 7",
    ),
    "a recording of something that changes": (
        "recordings: {}",
        "recordings: {closed: {en: recordings/closed.mp3}}",
        ", recordings, closed: says something different to every caller; it cannot be recorded",
    ),
    "a recording that is not there": (
        "recordings: {}",
        "recordings: {welcome: {en: recordings/welcome.mp3}}",
        ", recordings, welcome: 'en' says recordings/welcome.mp3; "
        "there is no such file; copy it there or correct its name",
    ),
    "a recording somewhere else": (
        "recordings: {}",
        "recordings: {welcome: {en: recordings/../../etc/hello.mp3}}",
        ", recordings, welcome: 'en' says recordings/../../etc/hello.mp3; "
        "put the file in the folder recordings/, or write an https address",
    ),
    "a recording of no prompt": (
        "recordings: {}",
        "recordings: {welcom: {en: recordings/welcome.mp3}}",
        ", recordings: 'welcom' is not known; did you mean 'welcome'?",
    ),
    "a recording that is no sound": (
        "recordings: {}",
        "recordings: {welcome: {en: recordings/welcome.txt}}",
        ", recordings, welcome: 'en' says recordings/welcome.txt; "
        "write a file that ends in .mp3 or .wav or .aiff or .gsm or .ulaw",
    ),
    "a category in one language": (
        "lift: {en: a lift, pl: podwózka}",
        "lift: {en: a lift}",
        ", requests, categories, lift: 'pl' is missing; add it",
    ),
    "a category of no words": (
        "lift: {en: a lift, pl: podwózka}",
        'lift: {en: "", pl: podwózka}',
        ", requests, categories, lift: 'en' says nothing; write some words",
    ),
    "a category of too many words": (
        "lift: {en: a lift, pl: podwózka}",
        "lift: {en: a lift to the surgery or to the station and back, pl: podwózka}",
        ", requests, categories, lift: 'en' says a lift to the surgery or to the station…; "
        "write at most 40 letters",
    ),
    "a category whose name is words": (
        "lift: {en: a lift, pl: podwózka}",
        "A lift: {en: a lift, pl: podwózka}",
        ", requests, categories, A lift: is no short name; "
        "write one of up to 19 small letters, such as dog_walking",
    ),
    "a category twice": (
        "lift: {en: a lift, pl: podwózka}",
        "shopping: {en: a lift, pl: podwózka}",
        ", requests, categories: 'shopping' is here twice; remove one of them",
    ),
    "urgencies that are not named": (
        "urgencies:\n",
        "urgencies: [now, later]\n  urgent:\n",
        ", requests, urgencies: write names with values here, such as 'name: value'",
    ),
    "no reasons to choose from": (
        "  reasons:\n",
        "  reasons: {}\n  reason:\n",
        ", requests, reasons: 'reasons' has nothing to choose from; write one at least",
    ),
    "a step of the induction in one language": (
        "spoken_with: {en: spoken with, pl: po rozmowie}",
        "spoken_with: {en: spoken with}",
        ", induction, spoken_with: 'pl' is missing; add it",
    ),
    "a step of the induction whose name is words": (
        "spoken_with: {",
        "Spoken with: {",
        ", induction, Spoken with: is no short name; "
        "write one of up to 19 small letters, such as dog_walking",
    ),
    "steps of the induction that are not named": (
        "induction:\n",
        "induction: [spoken with]\ninductions:\n",
        ", induction: write names with values here, such as 'name: value'",
    ),
}
