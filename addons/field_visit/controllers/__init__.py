from . import customers, labels, report, word
