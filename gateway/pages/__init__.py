"""The public pages: the directory of unions, each union's page, the API's documentation. No script at all."""
