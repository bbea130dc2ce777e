"""Lists of people, applications and vouches as rows."""
