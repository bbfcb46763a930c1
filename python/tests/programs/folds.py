"""One integer for every fold of a cross-validation: declared, and often wanted."""

from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

points, labels = make_classification(200, random_state=1)
cross_val_score(RandomForestClassifier(5, random_state=0), points, labels, cv=4, n_jobs=2)
