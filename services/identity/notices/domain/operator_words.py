"""What members are told of operators, in their language."""

OPERATOR_WORDS = {
    "en": {
        "account.operator_locked": "An operator, {name}, locked your account. Read why, until when, "
        "and appeal.",
        "account.operator_unlocked": "Your account is locked no more. Sign in once more, and all is as"
        " before.",
        "account.operator_upheld": "{name} decided your appeal: what the operator did stays. Read why.",
        "account.picture_allowed": "You may show the picture again that an operator had taken down.",
        "account.picture_removed": "An operator, {name}, took down your picture. Read why, and appeal.",
        "operator.appealed": "{name} appeals against what an operator did: another one decides, in time.",
        "operator.named": "You are an operator of this house now. Each thing that you do as such is public.",
        "operator.removed": "You are no longer an operator of this house.",
        "union.hidden": "An operator, {name}, hid your union from outsiders. Read why, and appeal.",
        "union.hiding_upheld": "{name} decided your appeal: your union stays hidden from "
        "outsiders. Read why.",
        "union.shown": "Your union is shown to outsiders again.",
    },
    "de": {
        "account.operator_locked": "{name} von der Hausleitung hat dein Konto gesperrt. Lies, warum "
        "und bis wann, und widersprich.",
        "account.operator_unlocked": "Dein Konto ist nicht mehr gesperrt. Melde dich noch einmal an, "
        "und alles ist wie zuvor.",
        "account.operator_upheld": "{name} hat über deinen Widerspruch entschieden: Es bleibt dabei."
        " Lies, warum.",
        "account.picture_allowed": "Du darfst das Bild wieder zeigen, das die Hausleitung entfernt hatte.",
        "account.picture_removed": "{name} von der Hausleitung hat dein Bild entfernt. Lies, warum, "
        "und widersprich.",
        "operator.appealed": "{name} widerspricht dem, was die Hausleitung getan hat: Jemand "
        "anderes entscheidet, rechtzeitig.",
        "operator.named": "Du gehörst jetzt zur Hausleitung. Alles, was du als solche tust, ist öffentlich.",
        "operator.removed": "Du gehörst nicht mehr zur Hausleitung.",
        "union.hidden": "{name} von der Hausleitung hat deine Union vor Fremden verborgen. "
        "Lies, warum, und widersprich.",
        "union.hiding_upheld": "{name} hat über deinen Widerspruch entschieden: Deine Union "
        "bleibt vor Fremden verborgen. Lies, warum.",
        "union.shown": "Deine Union ist für Fremde wieder zu sehen.",
    },
}
