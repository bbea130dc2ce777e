"""Suspensions and expulsions: by whom, why and for how long somebody is kept out, and how they are heard."""
