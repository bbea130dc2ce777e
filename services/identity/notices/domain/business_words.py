"""What members are told of businesses."""

from services.identity.notices.domain.sentence import Sentence, single

BUSINESS_KINDS = {
    "en": {
        "business.appointed": Sentence(
            "{name} gave you a post in a business; it says what you may do there.",
            "You were given {count} posts in a business, the latest by {name}.",
        ),
        "business.dismissed": Sentence(
            "You have a post in a business no longer.",
            "You have {count} posts in a business no longer.",
        ),
        "business.frozen": single("{name} froze your business' account: see there until when and why."),
        "business.paid": Sentence(
            "{name} paid you for a business.",
            "You were paid {count} times for a business, the latest by {name}.",
        ),
        "business.resolution": Sentence(
            "{name} proposes a resolution in a business of yours: look whether you approve.",
            "{count} resolutions were proposed in a business of yours, the latest by {name}.",
        ),
        "business.shares": Sentence(
            "{name} handed you shares of a business.",
            "Shares of a business came to you {count} times, the latest from {name}.",
        ),
        "business.thawed": single("{name} thawed the account of your business: it can pay again."),
    },
    "de": {
        "business.appointed": Sentence(
            "{name} hat dir einen Posten in einem Betrieb gegeben; dort steht, was du darfst.",
            "Du hast {count} Posten in einem Betrieb bekommen, den letzten von {name}.",
        ),
        "business.dismissed": Sentence(
            "Du hast einen Posten in einem Betrieb nicht mehr.",
            "Du hast {count} Posten in einem Betrieb nicht mehr.",
        ),
        "business.frozen": single("{name} hat das Konto deines Betriebs eingefroren: Dort steht, warum."),
        "business.paid": Sentence(
            "{name} hat dich für einen Betrieb bezahlt.",
            "Du wurdest {count}-mal für einen Betrieb bezahlt, zuletzt von {name}.",
        ),
        "business.resolution": Sentence(
            "{name} schlägt in einem Betrieb von dir einen Beschluss vor: sieh nach, ob du zustimmst.",
            "In einem Betrieb von dir wurden {count} Beschlüsse vorgeschlagen, der letzte von {name}.",
        ),
        "business.shares": Sentence(
            "{name} hat dir Anteile an einem Betrieb überlassen.",
            "Anteile an einem Betrieb kamen {count}-mal zu dir, zuletzt von {name}.",
        ),
        "business.thawed": single("{name} hat das Konto deines Betriebs aufgetaut: Es zahlt wieder."),
    },
}
"""By language and kind."""
