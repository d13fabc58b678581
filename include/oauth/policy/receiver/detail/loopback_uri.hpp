#ifndef OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_URI_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_URI_HPP

#include <oauth/core/detail/port_number.hpp>
#include <oauth/core/endpoint.hpp>
#include <oauth/error/result.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace oauth::detail {

/** A registered redirect URI on this machine, taken apart so that its port can be set and all else stays as it was registered:
    servers compare it byte by byte. Unlike an @ref endpoint it may name port 0, which stands for any.
*/
struct loopback_uri
{
    std::string registered;     ///< as it was given
    std::string before_port;    ///< "http://localhost"
    std::string after_port;     ///< "/callback?a=b"
    std::string host;           ///< in lower case, an IPv6 address without its brackets
    std::string path;           ///< what a browser asks for: "/" where the URI has none
    std::uint16_t port = 0;     ///< 0 where none is named

    /// The URI with `port` in it; exactly as registered where that is the port it names.
    std::string with_port(std::uint16_t chosen) const
    {
        return chosen == port ? registered : origin(chosen) + after_port;
    }

    /// "http://localhost:8400"
    std::string origin(std::uint16_t chosen) const { return before_port + ':' + std::to_string(chosen); }

    /// Take `registered` apart; an empty one stands for "http://127.0.0.1/". Fails with errc::receiver_failed where no loopback receiver can serve it.
    static result<loopback_uri> parse(std::string_view registered)
    {
        auto const refused = [](char const* hint) { return failure(errc::receiver_failed, advice::fix_configuration, hint); };
        if (registered.empty()) registered = "http://127.0.0.1/";
        auto const parsed = boost::urls::parse_uri({registered.data(), registered.size()});
        if (!parsed || !parsed->has_authority()) return refused("the redirect URI is not an absolute URL");
        if (parsed->scheme_id() != boost::urls::scheme::http)
            return refused("the redirect URI is not http on this machine: let the user paste the redirected URL (oauth::pasted)");
        if (parsed->has_userinfo() || parsed->has_fragment()) return refused("a redirect URI has neither a user name nor a fragment");

        loopback_uri made;
        made.host = parsed->host_type() == boost::urls::host_type::name ? parsed->host_name() : parsed->host_address();
        std::transform(made.host.begin(), made.host.end(), made.host.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
        if (!is_loopback(made.host))
            return refused("the redirect URI names another host than localhost, 127.0.0.1 or [::1]: let the user paste the redirected URL (oauth::pasted)");
        std::string_view const digits(parsed->port().data(), parsed->port().size());
        auto const port = digits.empty() ? std::uint16_t{0} : port_number(digits);
        if (!port) return refused("the redirect URI's port is above 65535");

        auto const scheme_end = static_cast<std::size_t>(parsed->scheme().size()) + 3;
        made.registered = registered;
        made.before_port = registered.substr(0, scheme_end + parsed->encoded_host().size());
        made.after_port = registered.substr(scheme_end + parsed->encoded_authority().size());
        // Boost.URL 1.81 takes "localhost:84x/" for port 84 and path "x/".
        if (!made.after_port.empty() && made.after_port[0] != '/' && made.after_port[0] != '?') return refused("the redirect URI is not an absolute URL");
        made.path = std::string(made.after_port, 0, made.after_port.find('?'));
        if (made.path.empty()) made.path = "/";
        made.port = *port;
        return made;
    }
};

} // namespace oauth::detail

#endif
