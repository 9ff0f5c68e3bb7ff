/**
 * Notes begun and not yet saved, by the id of who typed them. In memory only, for this tab: a draft outlives the page that
 * shows it (a sign-out elsewhere, another person signing in here) and is shown to nobody but its author.
 */
export type Drafts = Map<string, string>
