#ifndef EXAMPLE_SUPPORT_SETTINGS_HPP
#define EXAMPLE_SUPPORT_SETTINGS_HPP

#include <oauth/core/secret.hpp>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>   // isatty

namespace example {

/// What the programs exit with. Each says so in its --help.
enum exit_code
{
    succeeded = 0,
    failed = 1,              ///< it may pass: try again
    wrong_settings = 2,      ///< a setting is missing or wrong
    not_signed_in = 3,       ///< the user refused, or did not come back
    not_stored = 4,          ///< the session can't be stored, or not read
    not_printed = 5,         ///< standard output can't be written
};

inline constexpr std::string_view exit_codes_help = R"(
exit status:
  0  done
  1  something failed that may pass: try again
  2  a setting is missing or wrong
  3  the user refused, cancelled, or did not come back
  4  the session can't be stored, or is stored where it is not safe; a file that can't be read is put aside, and you sign in again
  5  standard output can't be written: it is closed, full, or a pipe that nobody reads any more; the session is kept all the same
  130  interrupted by Ctrl-C, as a shell reports it; nothing is left half-written, and what the server gives meanwhile is stored first
)";

inline constexpr std::string_view settings_help = R"(
settings, as a flag or as a variable of the environment; a flag goes before a variable:
  --tenant-id ID         TENANT_ID       the tenant: a GUID, a domain, common, organizations or consumers
  --client-id ID         CLIENT_ID       the application's id
  --client-secret TEXT   CLIENT_SECRET   its secret; leave it out for a public client. Others can read a flag: use the variable.
  --redirect-uri URI     REDIRECT_URI    where the browser comes back to, exactly as registered: http://localhost:8400/ or the like, where this
                                         program receives the answer; or https://, or an app's own scheme, where you paste it
  --authority URL        AUTHORITY       another host than login.microsoftonline.com: a national cloud, B2C, External ID, AD FS; or any other whose
                                         endpoints are laid out as Microsoft's (URL/oauth2/v2.0/authorize), as those of a gateway are;
                                         where it names the tenant, that one counts, and not TENANT_ID
  --scope "A B"          SCOPE           what to ask for
  --resource URI         RESOURCE        what the token is for, at servers that ask by resource: the v1 endpoints (default: the Graph that is
                                         called) and AD FS (default: none); Microsoft's v2 refuses it
  --ca-file FILE         CA_FILE         certificates to trust beside the system's, as PEM
  --store DIR            TOKEN_STORE     where the session is kept (default: oauth-example in $XDG_STATE_HOME or ~/.local/state); nothing is kept of
                                         the built-in provider, so that it takes no --store
  --v1                                   use the v1 endpoints, which ask by resource; the built-in provider has none
  --graph URL            GRAPH_URL       another Graph host than https://graph.microsoft.com; the built-in provider has its own, and takes no --graph

how to sign in:
  --paste                ask for the redirected URL, though the redirect URI is a loopback address
  --no-browser           print the URL, and open no browser
  --new                  sign in, though a session is kept
  --prompt WORD          what the server is to show: login, consent, select_account
  --response-mode WORD   how the answer comes back (default: form_post to a loopback address, else query): query, form_post; fragment, where it is
                         pasted; query.jwt, form_post.jwt, jwt from a server that signs it (JARM), where it is received
  --auto                 with the built-in provider only: a built-in user agent signs in, as it does where standard input is no terminal;
                         it takes neither --paste nor --no-browser
  --json, --table        how to print tokens (default: a table on a terminal, else JSON)

With none of TENANT_ID, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI and AUTHORITY set, a built-in identity provider plays Microsoft on this machine.
It ends with the program, and so do its tokens: nothing is kept, and each run signs in anew. Its sign-in page says as whom; any password does.
)";

/// What a program is, for run_program: how it is called, and which settings it can't do without.
struct program
{
    std::string_view usage;
    std::string_view scope = "openid offline_access Bookings.ReadWrite.All";   ///< asked for where none is set
    bool by_redirect = true;               ///< it takes a REDIRECT_URI
    bool by_key = false;                   ///< it takes a CLIENT_KEY
    bool by_issuer = false;                ///< it takes an ISSUER
    std::string_view own_settings = {};    ///< for its --help
};

/// Does the program take this flag, which has a value? Then it stands in its --help.
inline bool takes(program const& of, std::string_view flag)
{
    auto const named = "  " + std::string(flag) + ' ';
    return settings_help.find(named) != settings_help.npos || of.own_settings.find(named) != of.own_settings.npos;
}

/// What the user of a program has set. Empty: not set.
struct settings
{
    std::string tenant_id, client_id, redirect_uri, authority, issuer, key, certificate, scope, resource, ca_file, store, graph, prompt, response_mode;
    std::vector<std::string_view> flags;   // those with a text that were given as flags, and not as variables
    oauth::secret client_secret, key_passphrase;
    std::uint16_t port = 0;       // 0: any
    std::uint16_t seconds = 0;    // 0: no limit
    bool v1 = false, paste = false, no_browser = false, sign_in_anew = false, automatic = false, json = false, table = false, help = false;

    /// Nothing says whom to ask: the built-in provider is meant.
    bool built_in() const
    {
        return tenant_id.empty() && client_id.empty() && client_secret.empty() && redirect_uri.empty() && authority.empty() && issuer.empty() && key.empty() && certificate.empty();
    }
};

/// Is the user a built-in one? Only at the built-in provider, where nobody is at the terminal, or where --auto was said.
inline bool is_automatic(settings const& given) { return given.built_in() && (given.automatic || isatty(STDIN_FILENO) == 0); }

inline std::string from_environment(char const* name)
{
    char const* const value = std::getenv(name);
    return value ? value : "";
}

/// The state folder of the user, by the XDG base directory specification; the current folder where there is no home.
inline std::string default_store()
{
    if (auto const state = from_environment("XDG_STATE_HOME"); !state.empty()) return state + "/oauth-example";
    if (auto const home = from_environment("HOME"); !home.empty()) return home + "/.local/state/oauth-example";
    return "oauth-example-tokens";
}

/// Read flags, and variables where no flag is given. Says what is wrong on standard error, and then gives nothing. What does not stand in the program's --help is wrong.
inline std::optional<settings> read_settings(int count, char** words, program const& of)
{
    settings out;
    out.tenant_id = from_environment("TENANT_ID");
    out.client_id = from_environment("CLIENT_ID");
    out.client_secret = oauth::secret(from_environment("CLIENT_SECRET"));
    out.redirect_uri = from_environment("REDIRECT_URI");
    out.authority = from_environment("AUTHORITY");
    out.issuer = from_environment("ISSUER");
    out.key = from_environment("CLIENT_KEY");
    out.key_passphrase = oauth::secret(from_environment("KEY_PASSPHRASE"));
    out.certificate = from_environment("CLIENT_CERTIFICATE");
    out.scope = from_environment("SCOPE");
    out.resource = from_environment("RESOURCE");
    out.ca_file = from_environment("CA_FILE");
    out.store = from_environment("TOKEN_STORE");
    out.graph = from_environment("GRAPH_URL");

    struct text_flag { std::string_view name; std::string settings::*into; };
    struct number_flag { std::string_view name; std::uint16_t settings::*into; };
    struct switch_flag { std::string_view name; bool settings::*into; };
    static constexpr text_flag texts[] = {{"--tenant-id", &settings::tenant_id}, {"--client-id", &settings::client_id}, {"--redirect-uri", &settings::redirect_uri},
        {"--authority", &settings::authority}, {"--issuer", &settings::issuer}, {"--key", &settings::key}, {"--certificate", &settings::certificate}, {"--scope", &settings::scope},
        {"--resource", &settings::resource}, {"--ca-file", &settings::ca_file}, {"--store", &settings::store},
        {"--graph", &settings::graph}, {"--prompt", &settings::prompt}, {"--response-mode", &settings::response_mode}};
    static constexpr number_flag numbers[] = {{"--port", &settings::port}, {"--seconds", &settings::seconds}};
    static constexpr switch_flag switches[] = {{"--v1", &settings::v1}, {"--paste", &settings::paste}, {"--no-browser", &settings::no_browser},
        {"--new", &settings::sign_in_anew}, {"--auto", &settings::automatic}, {"--json", &settings::json}, {"--table", &settings::table},
        {"--help", &settings::help}, {"-h", &settings::help}};

    for (int i = 1; i < count; ++i)
    {
        std::string_view word = words[i];
        std::optional<std::string_view> value;
        if (auto const equals = word.find('='); equals != word.npos && word.starts_with("--"))
        {
            value = word.substr(equals + 1);
            word = word.substr(0, equals);
        }
        bool known = false;
        for (auto const& flag : switches)
        {
            if (word != flag.name) continue;
            if (value)
            {
                std::cerr << word << " takes no value; see --help\n";
                return std::nullopt;
            }
            out.*flag.into = known = true;
        }
        bool const is_secret = word == "--client-secret";
        for (auto const& flag : texts)
        {
            if (!is_secret && (word != flag.name || !takes(of, word))) continue;
            if (!value && i + 1 < count) value = words[++i];
            if (!value)
            {
                std::cerr << word << " needs a value; see --help\n";
                return std::nullopt;
            }
            out.flags.push_back(flag.name);
            if (is_secret) out.client_secret = oauth::secret(*value);
            else out.*flag.into = *value;
            known = true;
            break;
        }
        for (auto const& flag : numbers)
        {
            if (word != flag.name || !takes(of, word)) continue;
            if (!value && i + 1 < count) value = words[++i];
            auto const digits = value.value_or("");
            auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out.*flag.into);
            if (fault != std::errc{} || end != digits.data() + digits.size())
            {
                std::cerr << word << " needs a number up to 65535; see --help\n";
                return std::nullopt;
            }
            known = true;
        }
        if (!known)
        {
            // What stands behind '=' may be a secret whose flag was misspelt.
            std::cerr << "unknown argument '" << word.substr(0, word.find('=')) << "'; see --help\n";
            return std::nullopt;
        }
    }
    if (out.store.empty()) out.store = default_store();
    return out;
}

/// Leave out what the program does not take, and name on standard error what it still needs to ask a real server. True when nothing is missing.
inline bool complete(settings& given, program const& of)
{
    if (given.scope.empty()) given.scope = of.scope;
    if (!of.by_issuer) given.issuer.clear();
    if (!of.by_key) given.key = given.certificate = {};
    if (!of.by_redirect) given.redirect_uri.clear();
    if (given.built_in()) return true;

    std::vector<std::string_view> missing;
    if (given.tenant_id.empty() && given.authority.empty() && given.issuer.empty())
        missing.push_back(of.by_issuer ? "ISSUER (--issuer): the provider's issuer, such as https://accounts.google.com; or TENANT_ID, for Microsoft"
                                       : "TENANT_ID (--tenant-id): the directory (tenant) id of the app registration's overview");
    if (given.client_id.empty()) missing.push_back("CLIENT_ID (--client-id): the application (client) id of the app registration's overview");
    if (of.by_redirect && given.redirect_uri.empty()) missing.push_back("REDIRECT_URI (--redirect-uri): as registered under Authentication, such as http://localhost:8400/");
    if (of.by_key && given.key.empty()) missing.push_back("CLIENT_KEY (--key): the file of the private key, as PEM or PKCS#12");
    if (missing.empty()) return true;
    std::cerr << "Some settings are there, but these are missing:\n";
    for (auto const& line : missing) std::cerr << "  " << line << '\n';
    std::cerr << "Set them, or unset all of them to try the built-in provider. More: --help\n";
    return false;
}

} // namespace example

#endif
