print("partner-pulse")
