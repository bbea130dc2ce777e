"""The rules of support: changes, figures, standing, trees and imports, without web or database."""
