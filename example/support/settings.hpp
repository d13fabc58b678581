#ifndef EXAMPLE_SUPPORT_SETTINGS_HPP
#define EXAMPLE_SUPPORT_SETTINGS_HPP

#include "settings_help.hpp"
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

/// Read flags, and variables where no flag is given. Says what is wrong on standard error, and then gives nothing. What does not stand in the program's --help is wrong as a flag, and not
/// looked at as a variable.
inline std::optional<settings> read_settings(int count, char** words, program const& of)
{
    settings out;
    auto const read = [&of](char const* name) { return takes(of, name) ? from_environment(name) : std::string(); };
    out.tenant_id = read("TENANT_ID");
    out.client_id = read("CLIENT_ID");
    out.client_secret = oauth::secret(read("CLIENT_SECRET"));
    out.redirect_uri = read("REDIRECT_URI");
    out.authority = read("AUTHORITY");
    out.issuer = read("ISSUER");
    out.key = read("CLIENT_KEY");
    out.key_passphrase = oauth::secret(read("KEY_PASSPHRASE"));
    out.certificate = read("CLIENT_CERTIFICATE");
    out.scope = read("SCOPE");
    out.resource = read("RESOURCE");
    out.ca_file = read("CA_FILE");
    out.store = read("TOKEN_STORE");
    out.graph = read("GRAPH_URL");

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
            if (word != flag.name || (flag.into != &settings::help && !takes(of, word))) continue;
            if (value)
            {
                std::cerr << word << " takes no value; see --help\n";
                return std::nullopt;
            }
            out.*flag.into = known = true;
        }
        bool const is_secret = word == "--client-secret" && takes(of, word);
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

/// Name on standard error what the program still needs to ask a real server. True when nothing is missing.
inline bool complete(settings& given, program const& of)
{
    if (given.scope.empty()) given.scope = of.scope;
    if (given.built_in()) return true;

    bool const by_issuer = takes(of, "--issuer");
    std::vector<std::string_view> missing;
    if (given.tenant_id.empty() && given.authority.empty() && given.issuer.empty())
        missing.push_back(by_issuer ? "ISSUER (--issuer): the provider's issuer, such as https://accounts.google.com; or TENANT_ID, for Microsoft"
                                       : "TENANT_ID (--tenant-id): the directory (tenant) id of the app registration's overview");
    if (given.client_id.empty()) missing.push_back("CLIENT_ID (--client-id): the application (client) id of the app registration's overview");
    if (takes(of, "--redirect-uri") && given.redirect_uri.empty()) missing.push_back("REDIRECT_URI (--redirect-uri): as registered under Authentication, such as http://localhost:8400/");
    if (takes(of, "--key") && given.key.empty()) missing.push_back("CLIENT_KEY (--key): the file of the private key, as PEM or PKCS#12");
    if (missing.empty()) return true;
    std::cerr << "Some settings are there, but these are missing:\n";
    for (auto const& line : missing) std::cerr << "  " << line << '\n';
    std::cerr << "Set them, or unset all of them to try the built-in provider. More: --help\n";
    return false;
}

} // namespace example

#endif
