# Reference values for tests/unit/test_estimation.py, computed by R's survey package.
#   python tests/reference_values/make_designs.py
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite
#   Rscript tests/reference_values/survey.R
library(survey)
folder <- "tests/reference_values"
designs <- jsonlite::fromJSON(file.path(folder, "designs.json"), simplifyDataFrame = FALSE)
rows <- list()
for (one in designs) {
  N <- unlist(one$population)
  frame <- data.frame(y = one$y, x = one$x, yes = one$yes, domain = one$domain, stratum = one$stratum)
  frame$N <- N[frame$stratum]
  design <- svydesign(ids = ~1, strata = ~stratum, fpc = ~N, data = frame)
  add <- function(statistic, found) rows[[length(rows) + 1]] <<- data.frame(
    design = one$name, statistic = statistic,
    estimate = sprintf("%.15g", as.numeric(coef(found))), se = sprintf("%.15g", as.numeric(SE(found))))
  add("mean", svymean(~y, design))
  add("share", svymean(~yes, design))
  add("total", svytotal(~y, design))
  add("ratio", svyratio(~y, ~x, design))
  add("domain_mean", svymean(~y, subset(design, domain == 1)))
}
write.csv(do.call(rbind, rows), file.path(folder, "survey.csv"), row.names = FALSE, quote = TRUE)
