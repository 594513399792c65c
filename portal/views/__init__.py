"""Pages that span rooms. One module for each page; here no rules and no writes."""
