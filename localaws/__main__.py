from localaws.cli import app

app()
