"""What members are told, in their language: the page's words for the kinds of notices that it knows."""

from services.identity.notices.domain.business_words import BUSINESS_KINDS
from services.identity.notices.domain.operator_words import OPERATOR_WORDS
from services.identity.notices.domain.sentence import Sentence, single

KINDS = {
    "en": {
        **BUSINESS_KINDS["en"],
        **{kind: single(text) for kind, text in OPERATOR_WORDS["en"].items()},
        "account.codes_made": single("You have new recovery codes; the old ones are good no more."),
        "account.deletion_asked": single("Your account is to be deleted. Was it not you? Keep it under Me."),
        "account.deletion_cancelled": single("Your account stays: its deletion was cancelled."),
        "account.deletion_stopped": single(
            "Your account was not deleted: something stands in the way. Look under Me."
        ),
        "account.deleted": single(
            "Your account is being deleted. You are signed out everywhere, and nothing personal is left soon."
        ),
        "account.frozen": single("{name} froze your account. Your balance says until when and why."),
        "account.guardian_resigned": single(
            "{name} is no longer your guardian. Name another one if too few are left."
        ),
        "account.guardians_change": single("Your guardians are to change. Was it not you? Stop it under Me."),
        "account.guardians_stay": single("Your guardians stay as they are."),
        "account.key_added": single("A new key signs in as you. Was it not you? Remove it under Me."),
        "account.key_leaves": single("A key of yours is to be removed. Was it not you? Keep it under Me."),
        "account.key_stays": single("A key of yours stays."),
        "account.locked": single(
            "Your guardians locked your account and replace its keys. Have you lost nothing? Cancel it."
        ),
        "account.recovered": single("Your account has a new key; the old ones are good no more."),
        "account.recovery_by_code": single(
            "Somebody used a recovery code of yours for a new key. Was it not you? Cancel it under Me."
        ),
        "account.recovery_by_guardians": single(
            "Somebody asks your guardians for a new key to your account. Was it not you? Cancel it under Me."
        ),
        "account.recovery_cancelled": single("A key of yours cancelled the recovery of your account."),
        "account.recovery_refused": single("The recovery of your account was refused."),
        "account.thawed": single("{name} thawed your account: you can pay again."),
        "application.admitted": single(
            "You were admitted. Look there: you are in, or accept the rules once more."
        ),
        "application.appealed": single("{name} appeals against a refusal: look at it once more."),
        "application.made": Sentence("{name} applied.", "{count} people applied, {name} the latest."),
        "application.refused": single("Your application was refused. Read why; you may appeal once."),
        "application.waiting": single("You are admitted and on the waiting list: your turn comes."),
        "backed": Sentence("{name} backs you.", "{count} members back you, {name} the latest."),
        "bid.accepted": single("{name} accepted your bid: the money is reserved."),
        "bid.placed": Sentence(
            "{name} bids for your gig.", "{count} bids for your gig, the latest by {name}."
        ),
        "cancellation.proposed": single("{name} proposes to cancel."),
        "expulsion.appealed": single("{name} appeals against being expelled: hear them once more."),
        "expulsion.decided": single("{name} expelled you. The case says why, and until when you may appeal."),
        "expulsion.dropped": single("{name} dropped the case to expel you: you stay."),
        "expulsion.proposed": single(
            "{name} proposes to expel you. You are heard first: say what is to be said."
        ),
        "expulsion.reversed": single("Your expulsion was reversed: you are what you were before."),
        "expulsion.stated": single("{name} answers the case to expel them."),
        "expulsion.upheld": single("{name} upheld your expulsion."),
        "charter.amended": single("{name} changed the rules: look at what is new, and accept it in time."),
        "charter.membership_ended": single(
            "You did not accept the new rules in time: your membership has ended. You can join again."
        ),
        "charter.rights_rest": single(
            "You did not accept the new rules in time: your rights rest until you do."
        ),
        "guardian.asked": single(
            "Somebody says that they are {name} and need a new key. Ask {name} by a way you know, then "
            "decide."
        ),
        "guardian.cancelled": single(
            "A key of {name} cancelled their recovery. Is it a thief's? All of you but one override that."
        ),
        "guardian.named": single(
            "{name} names you as a guardian: you help them back in if they lose their keys."
        ),
        "guardian.recovered": single("{name} is back with a new key."),
        "hold.received": Sentence(
            "{name} reserved money for you.",
            "Money was reserved for you {count} times, the latest by {name}.",
        ),
        "hold.released": Sentence(
            "{name} released what you had reserved: it is yours to spend again.",
            "What you had reserved was released {count} times, the latest by {name}.",
        ),
        "hold.taken": Sentence(
            "{name} took what you had reserved for them.",
            "What you had reserved was taken {count} times, the latest by {name}.",
        ),
        "mandate.received": Sentence(
            "{name} gave you a mandate: you may take money from them.",
            "You were given {count} mandates to take money, the latest by {name}.",
        ),
        "mandate.revoked": Sentence(
            "{name} revoked the mandate that you had.",
            "{count} mandates that you had were revoked, the latest by {name}.",
        ),
        "mandate.used": Sentence(
            "{name} took money from you by a mandate.",
            "Money was taken from you by mandates {count} times, the latest by {name}.",
        ),
        "member.joined": Sentence("{name} joined.", "{count} members joined, {name} the latest."),
        "membership.resumed": single("Your suspension is over: you are back."),
        "membership.suspended": single(
            "{name} suspended you for a time. Your membership says why and until when."
        ),
        "office.ended": Sentence(
            "You hold an office no longer.",
            "You hold {count} offices no longer.",
        ),
        "office.given": Sentence(
            "{name} gave you an office; the union's offices say what it lets you do.",
            "You were given {count} offices, the latest by {name}.",
        ),
        "payment.received": Sentence(
            "{name} paid you.", "You were paid {count} times, the latest by {name}."
        ),
        "pledge.made": Sentence(
            "{name} pledged to your project.", "{count} pledges to your project, the latest by {name}."
        ),
        "project.paid": single("Your project reached its target and was paid out."),
        "project.refunded": single("Your project ended below its target; the pledges were returned."),
        "schedule.refused": Sentence(
            "A standing payment of yours could not be made.",
            "Standing payments of yours could not be made, {count} times.",
        ),
        "succession.agreed": single("{name} agreed to succeed you."),
        "succession.claimed": single(
            "{name}, your heir, claims your office. Are you there? Object, or it passes to them."
        ),
        "succession.ended": single("{name} ended that there is an heir."),
        "succession.named": single("{name} names you as their heir: agree, or decline."),
        "succession.objected": single("{name} ended the claim to the office."),
        "succession.passed": single("The founder's office has passed. The rules say who holds it."),
        "treasury.paid": Sentence(
            "{name} paid you from the common purse.",
            "You were paid {count} times from the common purse, the latest by {name}.",
        ),
        "voice.given": Sentence(
            "You speak for {name} now.", "You speak for {count} more members, {name} the latest."
        ),
        "vouch.given": Sentence(
            "{name} vouches for you.", "{count} members vouch for you, {name} the latest."
        ),
        "work.delivered": single("{name} delivered. Look at it in time."),
        "work.paid": single("{name} accepted your work: you were paid."),
        "work.refunded": single("The work was cancelled; you have your money back."),
    },
    "de": {
        **BUSINESS_KINDS["de"],
        **{kind: single(text) for kind, text in OPERATOR_WORDS["de"].items()},
        "account.codes_made": single("Du hast neue Wiederherstellungscodes; die alten gelten nicht mehr."),
        "account.deletion_asked": single(
            "Dein Konto soll gelöscht werden. Warst du das nicht? Behalte es unter Ich."
        ),
        "account.deletion_cancelled": single("Dein Konto bleibt: Die Löschung wurde abgebrochen."),
        "account.deletion_stopped": single(
            "Dein Konto wurde nicht gelöscht: Etwas steht im Weg. Sieh unter Ich nach."
        ),
        "account.deleted": single(
            "Dein Konto wird gelöscht. Du bist überall abgemeldet, und bald bleibt nichts Persönliches."
        ),
        "account.frozen": single(
            "{name} hat dein Konto eingefroren. Bei deinem Guthaben steht, bis wann und warum."
        ),
        "account.guardian_resigned": single(
            "{name} bürgt nicht mehr für dich. Nenne jemand anderen, wenn zu wenige übrig sind."
        ),
        "account.guardians_change": single(
            "Deine Bürgen sollen sich ändern. Warst du das nicht? Halte es unter Ich auf."
        ),
        "account.guardians_stay": single("Deine Bürgen bleiben, wie sie sind."),
        "account.key_added": single(
            "Ein neuer Schlüssel meldet sich als du an. Warst du das nicht? Entferne ihn unter Ich."
        ),
        "account.key_leaves": single(
            "Ein Schlüssel von dir soll entfernt werden. Warst du das nicht? Behalte ihn unter Ich."
        ),
        "account.key_stays": single("Ein Schlüssel von dir bleibt."),
        "account.locked": single(
            "Deine Bürgen haben dein Konto gesperrt und ersetzen seine Schlüssel. Hast du nichts verloren? "
            "Brich es ab."
        ),
        "account.recovered": single("Dein Konto hat einen neuen Schlüssel; die alten gelten nicht mehr."),
        "account.recovery_by_code": single(
            "Jemand hat mit einem deiner Codes einen neuen Schlüssel verlangt. Warst du das nicht? Brich es"
            " unter Ich ab."
        ),
        "account.recovery_by_guardians": single(
            "Jemand bittet deine Bürgen um einen neuen Schlüssel zu deinem Konto. Warst du das nicht? Brich"
            " es unter Ich ab."
        ),
        "account.recovery_cancelled": single(
            "Ein Schlüssel von dir hat die Wiederherstellung deines Kontos abgebrochen."
        ),
        "account.recovery_refused": single("Die Wiederherstellung deines Kontos wurde abgelehnt."),
        "account.thawed": single("{name} hat dein Konto aufgetaut: Du kannst wieder zahlen."),
        "application.admitted": single(
            "Du bist aufgenommen. Sieh nach: Du bist dabei, oder nimm die Regeln noch einmal an."
        ),
        "application.appealed": single("{name} widerspricht einer Ablehnung: Sieh sie noch einmal an."),
        "application.made": Sentence("{name} hat sich beworben.", "{count} Bewerbungen, zuletzt von {name}."),
        "application.refused": single(
            "Deine Bewerbung wurde abgelehnt. Lies, warum; du kannst einmal widersprechen."
        ),
        "application.waiting": single(
            "Du bist aufgenommen und stehst auf der Warteliste: Du kommst an die Reihe."
        ),
        "backed": Sentence(
            "{name} unterstützt dich.", "{count} Mitglieder unterstützen dich, zuletzt {name}."
        ),
        "bid.accepted": single("{name} hat dein Gebot angenommen: Das Geld ist zurückgelegt."),
        "bid.placed": Sentence(
            "{name} bietet auf deinen Auftrag.", "{count} Gebote auf deinen Auftrag, zuletzt von {name}."
        ),
        "cancellation.proposed": single("{name} schlägt vor abzubrechen."),
        "expulsion.appealed": single("{name} wehrt sich gegen den Ausschluss: hört noch einmal zu."),
        "expulsion.decided": single(
            "{name} hat dich ausgeschlossen. Im Verfahren steht, warum, und bis wann du dich wehren kannst."
        ),
        "expulsion.dropped": single("{name} hat das Verfahren gegen dich eingestellt: du bleibst."),
        "expulsion.proposed": single(
            "{name} schlägt vor, dich auszuschließen. Erst wirst du gehört: sag, was zu sagen ist."
        ),
        "expulsion.reversed": single("Dein Ausschluss ist aufgehoben: du bist, was du vorher warst."),
        "expulsion.stated": single("{name} nimmt zum Verfahren Stellung."),
        "expulsion.upheld": single("{name} hat deinen Ausschluss bestätigt."),
        "charter.amended": single(
            "{name} hat die Regeln geändert: Sieh dir an, was neu ist, und nimm es rechtzeitig an."
        ),
        "charter.membership_ended": single(
            "Du hast die neuen Regeln nicht rechtzeitig angenommen: Deine Mitgliedschaft ist zu Ende. Du "
            "kannst wieder beitreten."
        ),
        "charter.rights_rest": single(
            "Du hast die neuen Regeln nicht rechtzeitig angenommen: Deine Rechte ruhen, bis du es tust."
        ),
        "guardian.asked": single(
            "Jemand sagt, {name} zu sein und einen neuen Schlüssel zu brauchen. Frag {name} auf einem Weg, "
            "den du kennst, und entscheide dann."
        ),
        "guardian.cancelled": single(
            "Ein Schlüssel von {name} hat die Wiederherstellung abgebrochen. Ist es der eines Diebs? Alle "
            "von euch bis auf einen heben das auf."
        ),
        "guardian.named": single(
            "{name} nennt dich als Bürgen: Du hilfst zurück, wenn die Schlüssel verloren sind."
        ),
        "guardian.recovered": single("{name} ist mit einem neuen Schlüssel zurück."),
        "hold.received": Sentence(
            "{name} hat Geld für dich reserviert.",
            "Für dich wurde {count}-mal Geld reserviert, zuletzt von {name}.",
        ),
        "hold.released": Sentence(
            "{name} hat freigegeben, was du reserviert hattest: Du hast es wieder frei.",
            "Was du reserviert hattest, wurde {count}-mal freigegeben, zuletzt von {name}.",
        ),
        "hold.taken": Sentence(
            "{name} hat genommen, was du reserviert hattest.",
            "Was du reserviert hattest, wurde {count}-mal genommen, zuletzt von {name}.",
        ),
        "mandate.received": Sentence(
            "Du darfst jetzt bei {name} abbuchen.",
            "Dir wurde {count}-mal erlaubt abzubuchen, zuletzt von {name}.",
        ),
        "mandate.revoked": Sentence(
            "Du darfst bei {name} nicht mehr abbuchen.",
            "Dir wurde {count}-mal eine Erlaubnis abzubuchen entzogen, zuletzt von {name}.",
        ),
        "mandate.used": Sentence(
            "{name} hat bei dir abgebucht.", "Bei dir wurde {count}-mal abgebucht, zuletzt von {name}."
        ),
        "member.joined": Sentence(
            "{name} ist beigetreten.", "{count} Mitglieder sind beigetreten, zuletzt {name}."
        ),
        "membership.resumed": single("Deine Sperre ist vorbei: du bist zurück."),
        "membership.suspended": single(
            "{name} hat dich für eine Zeit gesperrt. Bei deiner Mitgliedschaft steht, warum und bis wann."
        ),
        "office.ended": Sentence(
            "Du hast ein Amt nicht mehr.",
            "Du hast {count} Ämter nicht mehr.",
        ),
        "office.given": Sentence(
            "{name} hat dir ein Amt gegeben; bei den Ämtern der Union steht, was du damit darfst.",
            "Du hast {count} Ämter bekommen, zuletzt von {name}.",
        ),
        "payment.received": Sentence(
            "{name} hat dir etwas gezahlt.", "Du wurdest {count}-mal bezahlt, zuletzt von {name}."
        ),
        "pledge.made": Sentence(
            "{name} hat etwas für dein Projekt zugesagt.",
            "{count} Zusagen für dein Projekt, zuletzt von {name}.",
        ),
        "project.paid": single("Dein Projekt hat sein Ziel erreicht und wurde ausgezahlt."),
        "project.refunded": single(
            "Dein Projekt hat sein Ziel nicht erreicht; die Zusagen wurden zurückgezahlt."
        ),
        "schedule.refused": Sentence(
            "Ein Dauerauftrag von dir konnte nicht ausgeführt werden.",
            "Daueraufträge von dir konnten {count}-mal nicht ausgeführt werden.",
        ),
        "succession.agreed": single("{name} ist bereit, dir nachzufolgen."),
        "succession.claimed": single(
            "{name}, von dir benannt, beansprucht dein Amt. Bist du da? Widersprich, sonst geht es über."
        ),
        "succession.ended": single("{name} hat die Nachfolge beendet."),
        "succession.named": single("{name} benennt dich für die Nachfolge: nimm an oder lehne ab."),
        "succession.objected": single("{name} hat den Anspruch auf das Amt beendet."),
        "succession.passed": single("Das Amt der Gründung ist übergegangen. Die Regeln sagen, wer es hat."),
        "treasury.paid": Sentence(
            "{name} hat dich aus der Gemeinschaftskasse bezahlt.",
            "Du wurdest {count}-mal aus der Gemeinschaftskasse bezahlt, zuletzt von {name}.",
        ),
        "voice.given": Sentence(
            "Du sprichst jetzt für {name}.", "Du sprichst für {count} weitere Mitglieder, zuletzt {name}."
        ),
        "vouch.given": Sentence(
            "{name} bürgt für deinen Beitritt.",
            "{count} Mitglieder bürgen für deinen Beitritt, zuletzt {name}.",
        ),
        "work.delivered": single("{name} hat geliefert. Sieh es dir rechtzeitig an."),
        "work.paid": single("{name} hat deine Arbeit abgenommen: Du wurdest bezahlt."),
        "work.refunded": single("Die Arbeit wurde abgebrochen; du hast dein Geld zurück."),
    },
}

FRAME = {
    "en": {
        "many": "{count} things happened",
        "account": "Your account",
        "more": "And {count} more: {url}",
        "all": "All of it: {url}",
        "why": "You are told because you confirmed this address at {house}.",
        "why-invited": "Somebody named this address to invite you to their union at {house}. It is kept no "
        "longer.",
        "end": "To be told no more by e-mail: {url}",
        "invited-subject": "{inviter} invites you to {union}",
        "invited": "{inviter} (@{handle}) invites you to {union}. By your own link, which is good for one "
        "person until {until}, you see what it is about and may join:",
        "code-subject": "Your code is {code}",
        "code": "Your code is {code}. With it you confirm at {house} that you read e-mail at this address. "
        "It works until {until} (UTC).",
        "code-unasked": "If you did not ask for it, do nothing: nobody is told anything here.",
    },
    "de": {
        "many": "{count} Neuigkeiten",
        "account": "Dein Konto",
        "more": "Und {count} weitere: {url}",
        "all": "Alles: {url}",
        "why": "Du erfährst davon, weil du diese Adresse auf {house} bestätigt hast.",
        "why-invited": "Jemand hat diese Adresse genannt, um dich in eine Union auf {house} einzuladen. Sie "
        "wird nicht länger aufbewahrt.",
        "end": "Um nichts mehr per E-Mail zu erfahren: {url}",
        "invited-subject": "{inviter} lädt dich zu {union} ein",
        "invited": "{inviter} (@{handle}) lädt dich zu {union} ein. Über deinen eigenen Link, der für eine "
        "Person bis {until} gilt, siehst du, worum es geht, und kannst beitreten:",
        "code-subject": "Dein Code ist {code}",
        "code": "Dein Code ist {code}. Damit bestätigst du auf {house}, dass du unter dieser Adresse E-Mails "
        "liest. Er gilt bis {until} (UTC).",
        "code-unasked": "Hast du ihn nicht angefordert, tu nichts: Niemand erfährt hier etwas.",
    },
}


def framed(language: str, name: str, **parameters: object) -> str:
    return FRAME[language][name].format(**parameters)
