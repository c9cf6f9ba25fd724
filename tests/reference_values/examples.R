# Reference values for the two studies under examples/, computed by R's survey package from their exports as the survey tools wrote them.
#   apt-get install r-base-core r-cran-survey
#   Rscript tests/reference_values/examples.R
library(survey)
number <- function(value) sprintf("%.15g", as.numeric(value))
rows <- list()
# Shares as indicators of each answer; whoever left the question open is outside. `design_of` makes the design of a part of the data.
add <- function(study, round, service, indicator, category, statistic, found, low = NA, high = NA) rows[[length(rows) + 1]] <<- data.frame(
  study = study, round = round, service = service, indicator = indicator, category = category, statistic = statistic,
  estimate = number(coef(found)), se = number(SE(found)), low = number(low), high = number(high))
share <- function(study, round, service, indicator, category, design) {
  found <- svymean(~yes, design)
  # A share of 0 or 1 has no standard error, and an interval of its own.
  ends <- if (study == "clients" && coef(found) > 1e-12 && coef(found) < 1 - 1e-12) attr(svyciprop(~yes, design, method = "beta"), "ci") else c(NA, NA)
  add(study, round, service, indicator, category, "share", found, ends[1], ends[2])
}
# As in survey.R: midway between two values where the weight falls between them.
type_2 <- function(x, w, p) {
  w <- w[order(x)]
  x <- sort(x)
  cumulated <- cumsum(w) / sum(w)
  at <- which(cumulated >= p - 1e-12)[1]
  if (abs(cumulated[at] - p) <= 1e-12 && at < length(x)) mean(x[at + 0:1]) else x[at]
}
median_of <- function(study, round, service, indicator, design) {
  found <- svyquantile(~value, design, 0.5, qrule = type_2, interval.type = "mean")[[1]]
  rows[[length(rows) + 1]] <<- data.frame(
    study = study, round = round, service = service, indicator = indicator, category = "", statistic = "median", estimate = number(found[1]),
    se = number(found[4]), low = number(found[2]), high = number(found[3]))
}
numeric <- function(study, round, service, indicator, statistics, design) for (statistic in statistics) {
  found <- if (statistic == "total") svytotal(~value, design) else svymean(~value, design)
  ends <- confint(found, df = degf(design))
  add(study, round, service, indicator, "", statistic, found, ends[1], ends[2])
}
boxes_of <- function(table, question, mark) {
  names <- grep(paste0("(^|/)", question, mark), names(table), value = TRUE, perl = TRUE)
  setNames(names, sub("\\]$", "", sub(paste0(".*", question, mark), "", names, perl = TRUE)))
}

# --- Clients: sessions in strata of city and kind of service, weighted -------------------------------------------------
clients <- read.csv("examples/clients/raw/2025/exports/clients.csv", sep = ";", fileEncoding = "UTF-8-BOM", check.names = FALSE,
                    colClasses = "character", na.strings = "")
clients <- clients[clients$consent == "yes", ]
clients$weight <- as.numeric(clients$weight)
whole <- svydesign(ids = ~session, strata = ~stratum, weights = ~weight, data = clients, nest = TRUE)
services <- c("all", "room", "dropin", "ost", "outreach")
inside <- function(service) service == "all" | clients$service == service
# A question that is not applicable has no answer; "don't know" is one.
choices <- c("age", "housing", "hours_suit", "crack_trend", "place_of_use", "injected", "syringes_enough", "shared", "checking_used",
             "checking_would", "naloxone", "ost_now", "hcv_test", "stigma_care", "care_avoided", "peer_contact", "peer_helped")
for (service in services) {
  for (question in choices) {
    said <- clients[[question]]
    said[said == "not_used"] <- NA
    keep <- !is.na(said) & inside(service)
    for (category in unique(said[keep])) {
      whole$variables$yes <- as.numeric(said == category)
      share("clients", "2025", service, question, category, whole[keep, ])
    }
  }
  for (question in c("needs", "drugs", "ost_barriers")) {
    boxes <- boxes_of(clients, question, "\\[")
    ticked <- !is.na(clients[boxes])
    keep <- rowSums(ticked) > 0 & inside(service)
    if (any(keep)) for (category in names(boxes)) {
      whole$variables$yes <- as.numeric(ticked[, boxes[[category]]])
      share("clients", "2025", service, question, category, whole[keep, ])
    }
  }
  for (question in c("visits", "room_days", "ost_takehome")) {
    whole$variables$value <- as.numeric(clients[[question]])
    keep <- !is.na(clients[[question]]) & inside(service)
    if (any(keep)) {
      numeric("clients", "2025", service, question, "mean", whole[keep, ])
      median_of("clients", "2025", service, question, whole[keep, ])
    }
  }
}

# --- Cities: all of a network of known size, of which some did not answer ----------------------------------------------
for (year in c("2023", "2024", "2025")) {
  folder <- file.path("examples/cities/raw", year)
  cities <- read.csv(file.path(folder, "exports/cities.csv"), sep = ";", check.names = FALSE, colClasses = "character", na.strings = "")
  # Of a city that sent its answers twice, as complete both times, the first ones count.
  cities <- cities[!duplicated(cities[["city/city_code"]]), ]
  sizes <- read.csv(file.path(folder, "population.csv"))
  cities$service <- cities[["city/service"]]
  cities$population <- sizes$population[match(cities$service, sizes$service)]
  # Those who left a question open are made up for by the others of their region.
  design_of <- function(keep) svydesign(ids = ~1, strata = ~service, fpc = ~population, data = cities[keep, ])
  column <- function(question) cities[[grep(paste0("^[a-z]+/", question, "$"), names(cities), value = TRUE)]]
  names_of <- c(naloxone = "take_home_naloxone", room = "consumption_room", checking = "drug_checking", pipes = "smoking_equipment",
                hcv = "hcv_treatment", reach_trend = "reach_trend", term = "funding_term", funding_trend = "funding_trend",
                strategy = "strategy_names_hr", police = "police", involved = "involvement", union = "drug_user_organisation",
                peers = "peers_paid")
  for (question in names(names_of)) {
    said <- column(question)
    for (category in unique(na.omit(said))) {
      cities$yes <- as.numeric(said == category)
      share("cities", year, "all", names_of[[question]], category, design_of(!is.na(said)))
    }
  }
  for (question in c("offer", "funders", "barriers")) {
    indicator <- c(offer = "services_available", funders = "funders", barriers = "legal_barriers")[[question]]
    for (category in sub(".*/", "", boxes <- grep(paste0("/", question, "/"), names(cities), value = TRUE))) {
      cities$yes <- as.numeric(cities[[grep(paste0("/", question, "/", category, "$"), names(cities))]])
      share("cities", year, "all", indicator, category, design_of(rep(TRUE, nrow(cities))))
    }
  }
  for (question in c("outlets", "syringes", "waiting")) {
    cities$value <- as.numeric(column(question))
    statistics <- c(outlets = "total", syringes = "mean", waiting = "mean")[[question]]
    indicator <- c(outlets = "syringe_outlets", syringes = "syringes_per_person", waiting = "waiting_days")[[question]]
    numeric("cities", year, "all", indicator, statistics, design_of(!is.na(cities$value)))
    median_of("cities", year, "all", indicator, design_of(!is.na(cities$value)))
  }
}
write.csv(do.call(rbind, rows), "tests/reference_values/examples.csv", row.names = FALSE, quote = TRUE)
