"""scikit-learn's own seeding of trees in threads: sound."""

from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

points, labels = make_classification(100, random_state=1)
RandomForestClassifier(5, n_jobs=2, random_state=0).fit(points, labels)
