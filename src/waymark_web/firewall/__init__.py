"""The firewall on the site: audits, rules, threats, and each place's register of bodies."""
