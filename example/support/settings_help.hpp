#ifndef EXAMPLE_SUPPORT_SETTINGS_HELP_HPP
#define EXAMPLE_SUPPORT_SETTINGS_HELP_HPP

#include "exit_code.hpp"
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace example {

/// What a program does; each brings flags. One that is not brought stands in no --help, and is refused.
enum ability : unsigned
{
    has_secret = 1 << 0,      ///< proves who it is by --client-secret
    is_returned_to = 1 << 1,  ///< the browser comes back to its --redirect-uri
    asks_scope = 1 << 2,      ///< --scope
    calls_graph = 1 << 3,     ///< --graph; or asks for its tokens
    keeps_session = 1 << 4,   ///< --store, --new
    has_users = 1 << 5,       ///< --auto
    opens_browser = 1 << 6,   ///< --no-browser
    is_answered = 1 << 7,     ///< by a redirect of which much can be chosen: --prompt, --response-mode
    takes_pasted = 1 << 8,    ///< --paste
    prints_tokens = 1 << 9,   ///< --json, --table
    everything = (1 << 10) - 1,
};

/// What a program is, for run_program: how it is called, and which settings it has.
struct program
{
    std::string_view usage;
    std::string_view scope = "openid offline_access Bookings.ReadWrite.All";   ///< asked for where none is set
    unsigned does = everything;
    std::string_view own_settings = {};    ///< for its --help: flags and variables beside the common ones
};

/// Lines of the help, for the programs that do all of `with` and nothing of `without`.
struct help_lines
{
    unsigned with, without;
    std::string_view text;
};

inline constexpr help_lines settings_help[] = {
    {0, 0, R"(
settings, as a flag or as a variable of the environment; a flag goes before a variable:
  --tenant-id ID         TENANT_ID       the tenant: a GUID, a domain, common, organizations or consumers
  --client-id ID         CLIENT_ID       the application's id
)"},
    {has_secret, 0, R"(  --client-secret TEXT   CLIENT_SECRET   its secret; leave it out for a public client. Others can read a flag: use the variable.
)"},
    {is_returned_to | takes_pasted, 0, R"(  --redirect-uri URI     REDIRECT_URI    where the browser comes back to, exactly as registered: http://localhost:8400/ or the like, where this
                                         program receives the answer; or https://, or an app's own scheme, where you paste it
)"},
    {is_returned_to | is_answered, takes_pasted, R"(  --redirect-uri URI     REDIRECT_URI    where the browser comes back to, exactly as registered: http://localhost:8400/ or the like, where this
                                         program receives the answer
)"},
    {is_returned_to, is_answered, R"(  --redirect-uri URI     REDIRECT_URI    where the browser comes back to, exactly as registered: http://localhost:PORT/callback
)"},
    {0, 0, R"(  --authority URL        AUTHORITY       another host than login.microsoftonline.com: a national cloud, B2C, External ID at ciamlogin.com (not at a domain
                                         of one's own), AD FS; or any other whose endpoints are laid out as Microsoft's
                                         (URL/oauth2/v2.0/authorize), as those of a gateway are;
                                         where it names the tenant, that one counts, and not TENANT_ID
)"},
    {asks_scope, 0, R"(  --scope "A B"          SCOPE           what to ask for
)"},
    {0, 0, R"(  --resource URI         RESOURCE        what the token is for, at servers that ask by resource: the v1 endpoints)"},
    {calls_graph, 0, R"( (default: the Graph that is
                                         called) and AD FS (default: none); Microsoft's v2 refuses it
)"},
    {0, calls_graph, R"( and AD FS (default: none);
                                         Microsoft's v2 refuses it
)"},
    {0, 0, R"(  --ca-file FILE         CA_FILE         certificates to trust beside the system's, as PEM
)"},
    {keeps_session, 0, R"(  --store DIR            TOKEN_STORE     where the session is kept (default: oauth-example in $XDG_STATE_HOME or ~/.local/state); nothing is kept of
                                         the built-in provider, so that it takes no --store
)"},
    {0, 0, R"(  --v1                                   use the v1 endpoints, which ask by resource; the built-in provider has none
)"},
    {calls_graph, 0, R"(  --graph URL            GRAPH_URL       another Graph host than https://graph.microsoft.com, without a path; the built-in provider has its own, and
                                         takes no --graph
)"},
    {has_users, 0, R"(
how to sign in:
)"},
    {takes_pasted, 0, R"(  --paste                ask for the redirected URL, though the redirect URI is a loopback address
)"},
    {opens_browser, 0, R"(  --no-browser           print the URL, and open no browser
)"},
    {keeps_session, 0, R"(  --new                  sign in, though a session is kept
)"},
    {is_answered, 0, R"(  --prompt WORD          what the server is to show: login, consent, select_account
)"},
    {is_answered | takes_pasted, 0, R"(  --response-mode WORD   how the answer comes back (default: form_post to a loopback address, else query): query, form_post; fragment, where it is
                         pasted; query.jwt, form_post.jwt, jwt from a server that signs it (JARM), where it is received
)"},
    {is_answered, takes_pasted, R"(  --response-mode WORD   how the answer comes back (default: form_post): query, form_post; query.jwt, form_post.jwt, jwt from a server that signs
                         it (JARM)
)"},
    {has_users, 0, R"(  --auto                 with the built-in provider only: a built-in user agent signs in, as it does where standard input is no terminal)"},
    {takes_pasted, 0, R"(;
                         it takes neither --paste nor --no-browser)"},
    {opens_browser, takes_pasted, R"(;
                         it takes no --no-browser)"},
    {has_users, 0, "\n"},
    {prints_tokens, 0, R"(
how to print tokens (default: a table on a terminal, else JSON):
  --json                 as JSON
  --table                as a table
)"},
};

inline constexpr std::string_view users_help = R"(It ends with the program, and so do its tokens: nothing is kept, and each run signs in anew. Its sign-in page says as whom; any password does.
)";

/// Does the program have these lines in its help?
inline bool has(program const& of, help_lines const& lines) { return (of.does & lines.with) == lines.with && (of.does & lines.without) == 0; }

/// Is `name` explained in `text`: does it stand there between blanks, two of them before it?
inline bool explains(std::string_view text, std::string_view name)
{
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
    {
        auto const rest = text.substr(at + name.size());
        if (text.substr(0, at).ends_with("  ") && (rest.starts_with(' ') || rest.starts_with('\n'))) return true;
    }
    return false;
}

/// Has the program this flag or variable? What it has stands in its --help.
inline bool takes(program const& of, std::string_view name)
{
    return explains(of.own_settings, name) || std::any_of(std::begin(settings_help), std::end(settings_help), [&](help_lines const& lines) { return has(of, lines) && explains(lines.text, name); });
}

/// The variables that say whom to ask, and as which client: where the program has them, and none is set, the built-in provider is meant.
inline std::vector<std::string_view> deciding_variables(program const& of)
{
    std::vector<std::string_view> out;
    for (std::string_view const name : {"TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "AUTHORITY", "ISSUER", "CLIENT_KEY", "CLIENT_CERTIFICATE"})
        if (takes(of, name)) out.push_back(name);
    return out;
}

/// All that --help prints.
inline std::string help_of(program const& of)
{
    auto out = "usage: " + std::string(of.usage) + '\n' + std::string(of.own_settings);
    for (auto const& lines : settings_help)
        if (has(of, lines)) out += lines.text;
    out += "\nWith none of ";
    auto const names = deciding_variables(of);
    for (std::size_t i = 0; i < names.size(); ++i) (out += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") += names[i];
    out += " set, a built-in identity provider plays Microsoft on this machine.\n";
    if ((of.does & has_users) != 0) out += users_help;
    if (!of.scope.empty()) (out += "\nscope, where none is set: ").append(of.scope) += '\n';
    return out.append(exit_codes_help);
}

} // namespace example

#endif
