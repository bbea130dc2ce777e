"""The story: a union of a thousand members, from the first sign-in to the last payment, told over HTTP."""
