"""Sign and check access tokens: keys, their public form, and what a token says."""
