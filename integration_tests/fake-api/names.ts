/** Where a visitor is, and what people are called there: several scripts, because exports meet all of them. */
export const PLACES = [
  { city: "Portland", country: "United States", names: ["Emma", "Noah", "Olivia", "D'Arcy"] },
  { city: "Austin", country: "United States", names: ["Mason", "Ava", "Mary-Jane"] },
  { city: "Leeds", country: "United Kingdom", names: ["Alfie", "Poppy", "Imogen"] },
  { city: "Lyon", country: "France", names: ["Zoé", "Théo", "Inès", "François"] },
  { city: "München", country: "Germany", names: ["Jürgen", "Käthe", "Björn"] },
  { city: "São Paulo", country: "Brazil", names: ["João", "Conceição", "Inácio"] },
  { city: "Kraków", country: "Poland", names: ["Łukasz", "Żaneta", "Michał"] },
  { city: "İzmir", country: "Türkiye", names: ["Çağla", "İlker", "Gülşen"] },
  { city: "Казань", country: "Russia", names: ["Наталья", "Фёдор", "Олег"] },
  { city: "札幌市", country: "Japan", names: ["さくら", "健", "ユキ"] },
  { city: "القاهرة", country: "Egypt", names: ["ليلى", "يوسف", "مريم"] },
  { city: "जयपुर", country: "India", names: ["आशा", "रवि", "मीरा"] },
  { city: "Bengaluru", country: "India", names: ["Asha", "Ravi", "Meera"] },
  { city: "St. John's", country: "Canada", names: ["Liam", "Chloé", "Aiden"] },
] as const;

/** What a visitor uses; listed more than once where it is common. */
export const CLIENTS = [
  { browser: "Chrome", os: "Windows", device: "Desktop", isMobile: false },
  { browser: "Chrome", os: "Windows", device: "Desktop", isMobile: false },
  { browser: "Edge", os: "Windows", device: "Desktop", isMobile: false },
  { browser: "Firefox", os: "Linux", device: "Desktop", isMobile: false },
  { browser: "Safari", os: "Mac OS", device: "Desktop", isMobile: false },
  { browser: "Chrome", os: "Mac OS", device: "Desktop", isMobile: false },
  { browser: "Chrome Mobile", os: "Android", device: "Android Phone", isMobile: true },
  { browser: "Samsung Internet", os: "Android", device: "Android Phone", isMobile: true },
  { browser: "Mobile Safari", os: "iOS", device: "iPhone", isMobile: true },
  { browser: "Mobile Safari", os: "iOS", device: "iPad", isMobile: true },
] as const;

/** Labels that identify calls attach to people, emoji and commas included. */
export const TAGS = [
  "beta",
  "vip ⭐",
  "newsletter",
  "früher Kunde",
  "🚀 launch",
  "постоянный",
  "試用",
  "नया",
  'a, b; "c"',
  "👩‍👩‍👧 family plan",
] as const;

/** Domains that sessions are recorded on. */
export const DOMAINS = [
  "www.example.com",
  "www.example.com",
  "shop.example.com",
  "docs.example.org",
  "bücher.example",
] as const;

/** Paths of the pages that visitors open. */
export const PATHS = [
  "/",
  "/pricing",
  "/products",
  "/products/lamp-12",
  "/products/stühle?size=l&colour=grün",
  "/cart",
  "/checkout/address",
  "/checkout/payment",
  "/blog/2024/05/what-is-new",
  "/docs/getting-started#install",
  "/search?q=%E3%81%8A%E8%8C%B6",
  "/помощь",
  "/account",
  "/contact",
] as const;

/** Where visitors come from: domains only, as the API gives them. */
export const REFERRERS = [
  "search.example",
  "search.example",
  "news.example.net",
  "social.example",
  "mail.example.org",
] as const;

/** Marketing campaigns; `term` and `content` are not set by all. */
export const CAMPAIGNS = [
  { source: "newsletter", medium: "email", campaign: "spring-sale", content: "header-button" },
  { source: "search.example", medium: "cpc", campaign: "brand", term: "garden lamp" },
  { source: "social.example", medium: "social", campaign: "été 2024 ☀️", content: "video A" },
  { source: "partner", medium: "affiliate", campaign: "partner+10%", term: "", content: "" },
] as const;
