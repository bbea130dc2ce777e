"""Skills: the vocabulary of what members can do. A slug is never renamed or given another meaning."""

from dataclasses import dataclass

from services.identity.domain.profile_errors import SkillUnknown, TooManySkills

_VOCABULARY = """
accounting|Accounting|Buchhaltung
acting|Acting|Schauspiel
animation|Animation|Animation
architecture|Architecture|Architektur
audio-engineering|Audio engineering|Tontechnik
backend-development|Backend development|Backend-Entwicklung
baking|Baking|Backen
beekeeping|Beekeeping|Imkerei
bicycle-repair|Bicycle repair|Fahrradreparatur
bookkeeping|Bookkeeping|Belegwesen
bricklaying|Bricklaying|Mauern
business-planning|Business planning|Geschäftsplanung
campaigning|Campaigning|Kampagnenarbeit
car-repair|Car repair|Autoreparatur
care-of-children|Childcare|Kinderbetreuung
care-of-the-elderly|Care of the elderly|Altenpflege
carpentry|Carpentry|Zimmerei
ceramics|Ceramics|Keramik
choreography|Choreography|Choreografie
cleaning|Cleaning|Reinigung
coaching|Coaching|Coaching
community-organising|Community organising|Gemeinwesenarbeit
composing|Composing|Komponieren
conflict-mediation|Mediation|Mediation
cooking|Cooking|Kochen
copywriting|Copywriting|Werbetexte
counselling|Counselling|Beratung
cryptography|Cryptography|Kryptografie
dance|Dance|Tanz
data-analysis|Data analysis|Datenanalyse
data-engineering|Data engineering|Datentechnik
data-protection|Data protection|Datenschutz
databases|Databases|Datenbanken
dentistry|Dentistry|Zahnmedizin
desktop-publishing|Desktop publishing|Satz
drawing|Drawing|Zeichnen
driving|Driving|Fahrdienste
editing|Editing|Lektorat
electrical-installation|Electrical installation|Elektroinstallation
electronics|Electronics|Elektronik
embedded-systems|Embedded systems|Eingebettete Systeme
energy-advice|Energy advice|Energieberatung
event-planning|Event planning|Veranstaltungsplanung
facilitation|Facilitation|Moderation
farming|Farming|Landwirtschaft
fashion-design|Fashion design|Modedesign
film-making|Film-making|Filmen
financial-planning|Financial planning|Finanzplanung
first-aid|First aid|Erste Hilfe
floristry|Floristry|Floristik
forestry|Forestry|Forstwirtschaft
frontend-development|Frontend development|Frontend-Entwicklung
fundraising|Fundraising|Spendenwerbung
furniture-making|Furniture making|Möbelbau
game-design|Game design|Spieldesign
gardening|Gardening|Gärtnern
graphic-design|Graphic design|Grafikdesign
grant-writing|Grant writing|Förderanträge
hairdressing|Hairdressing|Friseurhandwerk
hardware-repair|Hardware repair|Gerätereparatur
heating-installation|Heating installation|Heizungsbau
history|History|Geschichte
human-resources|Human resources|Personalwesen
illustration|Illustration|Illustration
industrial-design|Industrial design|Industriedesign
information-security|Information security|Informationssicherheit
interior-design|Interior design|Innenarchitektur
interpreting|Interpreting|Dolmetschen
investigative-research|Investigative research|Recherche
it-support|IT support|IT-Hilfe
jewellery-making|Jewellery making|Schmuckherstellung
journalism|Journalism|Journalismus
labour-law|Labour law|Arbeitsrecht
landscaping|Landscaping|Landschaftsbau
law|Law|Recht
librarianship|Librarianship|Bibliothekswesen
locksmithing|Locksmithing|Schlosserei
logistics|Logistics|Logistik
machine-learning|Machine learning|Maschinelles Lernen
marketing|Marketing|Marketing
massage|Massage|Massage
mathematics|Mathematics|Mathematik
mechanical-engineering|Mechanical engineering|Maschinenbau
medicine|Medicine|Medizin
metalworking|Metalworking|Metallbau
midwifery|Midwifery|Geburtshilfe
mobile-development|Mobile development|App-Entwicklung
moving|Moving|Umzüge
music|Music|Musik
music-production|Music production|Musikproduktion
negotiation|Negotiation|Verhandeln
network-administration|Network administration|Netzwerkverwaltung
nursing|Nursing|Pflege
nutrition|Nutrition|Ernährung
painting|Painting|Malerei
painting-of-houses|House painting|Malerarbeiten
pet-care|Pet care|Tierbetreuung
pharmacy|Pharmacy|Pharmazie
photography|Photography|Fotografie
physiotherapy|Physiotherapy|Physiotherapie
plumbing|Plumbing|Sanitärinstallation
podcasting|Podcasting|Podcasting
policy-analysis|Policy analysis|Politikanalyse
printing|Printing|Drucken
product-management|Product management|Produktmanagement
programming|Programming|Programmieren
project-management|Project management|Projektmanagement
proofreading|Proofreading|Korrektorat
property-management|Property management|Hausverwaltung
psychology|Psychology|Psychologie
public-relations|Public relations|Öffentlichkeitsarbeit
public-speaking|Public speaking|Reden
roofing|Roofing|Dachdecken
sales|Sales|Verkauf
science|Science|Wissenschaft
sewing|Sewing|Nähen
shoemaking|Shoemaking|Schuhmacherei
sign-language|Sign language|Gebärdensprache
singing|Singing|Gesang
smart-contracts|Smart contracts|Smart Contracts
social-media|Social media|Soziale Medien
social-work|Social work|Sozialarbeit
software-testing|Software testing|Softwaretests
solar-installation|Solar installation|Solaranlagen
sports-training|Sports training|Sporttraining
statistics|Statistics|Statistik
stonemasonry|Stonemasonry|Steinmetzhandwerk
strategy|Strategy|Strategie
subtitling|Subtitling|Untertitelung
surveying|Surveying|Vermessung
systems-administration|Systems administration|Systemadministration
tailoring|Tailoring|Schneidern
tax-advice|Tax advice|Steuerberatung
teaching|Teaching|Unterrichten
technical-writing|Technical writing|Technische Dokumentation
tenancy-law|Tenancy law|Mietrecht
tiling|Tiling|Fliesenlegen
tour-guiding|Tour guiding|Führungen
translation|Translation|Übersetzen
tutoring|Tutoring|Nachhilfe
upholstery|Upholstery|Polstern
user-research|User research|Nutzerforschung
ux-design|UX design|UX-Design
veterinary-medicine|Veterinary medicine|Tiermedizin
video-editing|Video editing|Videoschnitt
voice-over|Voice-over|Sprechen
web-design|Web design|Webdesign
web-development|Web development|Webentwicklung
welding|Welding|Schweißen
winemaking|Winemaking|Weinbau
woodworking|Woodworking|Holzarbeiten
writing|Writing|Schreiben
yoga|Yoga|Yoga
"""


@dataclass(frozen=True, slots=True)
class Skill:
    """A word of the vocabulary; labels by language."""

    slug: str
    en: str
    de: str


SKILLS = tuple(
    sorted((Skill(*line.split("|")) for line in _VOCABULARY.strip().splitlines()), key=lambda s: s.slug)
)
_SLUGS = frozenset(skill.slug for skill in SKILLS)


def check_skills(wanted: list[str], most: int) -> tuple[str, ...]:
    """Each once, by slug. Raises SkillUnknown, TooManySkills."""
    for slug in wanted:
        if slug not in _SLUGS:
            raise SkillUnknown(slug)
    found = tuple(sorted(set(wanted)))
    if len(found) > most:
        raise TooManySkills(most)
    return found
