"""What a member is told of something that happened, once or several times."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """`one`: of a single event; `other`: of `{count}`, where they are told together."""

    one: str
    other: str

    def said(self, name: str, count: int) -> str:
        return (self.one if count == 1 else self.other).replace("{count}", str(count)).replace("{name}", name)


def single(text: str) -> Sentence:
    return Sentence(text, text)
