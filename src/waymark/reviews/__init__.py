"""A forum's review of a place: findings in order of weight, each with what it rests on."""
