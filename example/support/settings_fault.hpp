#ifndef EXAMPLE_SUPPORT_SETTINGS_FAULT_HPP
#define EXAMPLE_SUPPORT_SETTINGS_FAULT_HPP

#include "settings.hpp"
#include <oauth/core/endpoint.hpp>
#include <oauth/error/failure.hpp>
#include <boost/url/parse.hpp>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>   // access

namespace example {

inline std::string in_lower_case(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

/// Is `tenant` a part of the authority's path?
inline bool names_tenant(std::string_view authority, std::string_view tenant)
{
    auto const path = in_lower_case(authority.substr(0, authority.find('?'))) + '/';
    return path.find('/' + in_lower_case(tenant) + '/') != std::string::npos;
}

/// Where the browser comes back to. What is no URI at all passes for `elsewhere`: oauth::check says what is wrong with it.
enum class redirect_kind
{
    loopback,    ///< http on this machine: the program receives the answer by itself
    elsewhere,   ///< https, an app's own scheme, or urn:ietf:wg:oauth:2.0:oob: the user pastes it
    refused      ///< http on another machine, or a scheme that no answer comes back by
};

inline redirect_kind kind_of_redirect(std::string_view uri)
{
    auto const parsed = boost::urls::parse_uri({uri.data(), uri.size()});
    if (!parsed) return redirect_kind::elsewhere;
    if (parsed->scheme_id() == boost::urls::scheme::http)
    {
        auto const host = parsed->host_type() == boost::urls::host_type::name ? parsed->host_name() : parsed->host_address();
        // Boost.URL 1.81 takes "http://127.0.0.1.evil.example/" for the address 127.0.0.1 with the path ".evil.example/".
        bool const whole = parsed->encoded_path().empty() || parsed->encoded_path().front() == '/';
        return whole && oauth::is_loopback(in_lower_case(host)) ? redirect_kind::loopback : redirect_kind::refused;
    }
    auto const scheme = in_lower_case({parsed->scheme().data(), parsed->scheme().size()});
    // "localhost:8400/" is a URI of the scheme localhost; it is refused with better words.
    static constexpr std::array<std::string_view, 18> never{"about", "blob", "data", "file", "ftp", "ftps", "gopher", "javascript", "ldap", "ldaps", "mailto", "sftp", "ssh", "tel", "telnet", "vbscript", "ws", "wss"};
    return std::find(never.begin(), never.end(), scheme) == never.end() ? redirect_kind::elsewhere : redirect_kind::refused;
}

/// The host of a provider whose endpoints are known to be elsewhere than Microsoft's; "" where `authority` is none of them.
inline std::string host_of_another_kind(std::string_view authority)
{
    static constexpr std::array<std::string_view, 9> others{"google.com", "github.com", "gitlab.com", "okta.com", "auth0.com", "apple.com", "facebook.com", "linkedin.com", "amazoncognito.com"};
    auto const parsed = boost::urls::parse_uri({authority.data(), authority.size()});
    auto const host = parsed ? in_lower_case(parsed->host()) : std::string();
    bool const known = std::any_of(others.begin(), others.end(), [&host](std::string_view one) { return host == one || host.ends_with('.' + std::string(one)); });
    return known ? host : std::string();
}

/// Which flag the built-in provider has no use for, and why; "" where there is none.
inline std::string built_in_fault(settings const& given)
{
    auto const has = [&given](std::string_view flag) { return std::find(given.flags.begin(), given.flags.end(), flag) != given.flags.end(); };
    constexpr char set[] = "; for a real one set TENANT_ID, CLIENT_ID and REDIRECT_URI, see --help";
    if (given.v1) return "--v1 is for Microsoft and its like: the built-in provider has no v1 endpoints";
    if (has("--resource")) return std::string("--resource is for servers that ask by resource: the built-in provider does not") + set;
    if (has("--store")) return std::string("--store: nothing is kept of the built-in provider, which ends with this program and its tokens with it") + set;
    if (has("--graph")) return std::string("--graph: the built-in provider has a Graph of its own, and its tokens are good for no other") + set;
    if (!given.paste && !given.no_browser) return {};
    if (given.automatic) return "--auto has a built-in user agent sign in; it takes neither --paste nor --no-browser";
    if (is_automatic(given)) return "--paste and --no-browser are for a user at a terminal: standard input is none, so that a built-in user agent signs in at the built-in provider";
    return {};
}

/// Why no certificate can be read from `file`; "" where there is one.
inline std::string ca_file_fault(std::string const& file)
{
    auto const because = [&](std::string const& reason) { return "CA_FILE (--ca-file): " + oauth::escaped(file) + ": " + reason; };
    std::error_code ec;
    if (std::filesystem::is_directory(file, ec)) return because("it is a directory; name a file of certificates, as PEM");
    if (::access(file.c_str(), R_OK) != 0) return because(std::strerror(errno));
    std::unique_ptr<X509_STORE, decltype([](X509_STORE* p) { X509_STORE_free(p); })> const trusted(X509_STORE_new());
    bool const good = trusted && X509_STORE_load_file(trusted.get(), file.c_str()) == 1;
    ERR_clear_error();
    return good ? std::string() : because("it holds no certificate that can be read; they must be there as PEM (-----BEGIN CERTIFICATE-----)");
}

/// What is wrong with the URL of a Graph, of which scheme, host and port are used; "" where nothing is.
inline std::string graph_fault(std::string const& url)
{
    auto const because = [&url](std::string const& reason) { return "GRAPH_URL (--graph): " + oauth::escaped(url) + ": " + reason; };
    auto const parsed = oauth::endpoint::parse(url);
    if (parsed.has_error()) return because(parsed.error().code.message() + "; name scheme and host, such as https://graph.microsoft.us");
    auto const target = parsed->target();
    if (target.empty() || target == "/") return {};
    return because("name scheme and host alone, without " + std::string(parsed->has_path() ? "a path: /v1.0 and the rest are added" : "a query"));
}

/// What is wrong with these settings of the program, in a sentence, before anything is done with them; "" where nothing is.
inline std::string settings_fault(settings const& given, program const& of = {})
{
    if (given.json && given.table) return "--json and --table exclude each other";
    if (given.automatic && !given.built_in())
        return "--auto is for the built-in provider, but the settings name another; unset TENANT_ID, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, AUTHORITY ..., or sign in yourself";
    if (given.built_in())
        if (auto fault = built_in_fault(given); !fault.empty()) return fault;
    if (auto const host = host_of_another_kind(given.authority); !host.empty())
        return "AUTHORITY (--authority): the endpoints of " + oauth::escaped(host) + " are not laid out as Microsoft's; 08_openid_sign_in signs in at any OpenID provider, by its issuer (--issuer)";

    if (!given.graph.empty() && !given.built_in())
        if (auto fault = graph_fault(given.graph); !fault.empty()) return fault;

    bool const can_paste = takes(of, "--paste");
    auto const redirect = given.built_in() || given.redirect_uri.empty() ? redirect_kind::loopback : kind_of_redirect(given.redirect_uri);
    if (redirect == redirect_kind::refused)
        return "REDIRECT_URI (--redirect-uri): " + oauth::escaped(given.redirect_uri) + " can't be where the browser comes back to: Microsoft takes http for localhost and 127.0.0.1 only;"
               " else https, or an app's own scheme such as msal" + (given.client_id.empty() ? std::string("CLIENT_ID") : oauth::escaped(given.client_id)) + "://auth";

    if (redirect == redirect_kind::elsewhere && !can_paste && takes(of, "--response-mode"))
        return "REDIRECT_URI (--redirect-uri): " + oauth::escaped(given.redirect_uri) + ": this program receives the answer by itself, so it must be a loopback address, such as http://localhost:8400/";

    static constexpr std::array<std::string_view, 7> modes{"query", "form_post", "fragment", "query.jwt", "form_post.jwt", "fragment.jwt", "jwt"};
    auto const& mode = given.response_mode;
    if (!mode.empty() && std::find(modes.begin(), modes.end(), mode) == modes.end())
        return "--response-mode: there is no '" + oauth::escaped(mode) + "'; known are query, form_post and fragment, and signed query.jwt, form_post.jwt and jwt";
    bool const pasted = given.paste || redirect == redirect_kind::elsewhere;
    if (mode.starts_with("fragment") && !pasted)
        return "--response-mode " + mode + ": a browser sends no fragment to a server, so this program would wait in vain; take query or form_post" + (can_paste ? ", or paste the URL yourself (--paste)" : "");
    if (mode.ends_with("jwt") && pasted) return "--response-mode " + mode + ": a signed answer can't be pasted, only received at a loopback address; take query or fragment";

    return given.ca_file.empty() ? std::string() : ca_file_fault(given.ca_file);
}

} // namespace example

#endif
