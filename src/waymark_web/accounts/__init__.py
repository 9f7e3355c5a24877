"""Sign-in, invitations, and who may do what for which organisation and place."""
