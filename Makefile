# Every target works from a bare clone: start.py builds .venv from the pinned, hashed requirements first.
PYTHON ?= python3

.PHONY: demo init run test check soak catalogues revision pins pictures

demo:        ## the real bot on a simulated Discord, in the browser; no token needed
	$(PYTHON) start.py demo
init:        ## guided first run
	$(PYTHON) start.py init
run:         ## the bot on Discord (needs DISCORD_TOKEN in the environment or .env)
	$(PYTHON) start.py run
test:        ## every test that belongs to a change
	$(PYTHON) start.py test
check:       ## format, lint, types, import contracts, migrations, catalogues
	$(PYTHON) start.py check
soak:        ## the long profiles
	$(PYTHON) start.py soak
catalogues:  ## collect new strings into the French catalogues
	$(PYTHON) start.py catalogues
revision:    ## write the next schema revision from the models: make revision m="What it does"
	$(PYTHON) start.py revision "$(m)"
pins:        ## renew requirements/*.txt
	$(PYTHON) start.py pins
pictures:    ## renew the pictures of README and docs; build/album: every message, as wide as a phone
	$(PYTHON) start.py pictures
