#ifndef OAUTH_CORE_IMPL_ENDPOINT_IPP
#define OAUTH_CORE_IMPL_ENDPOINT_IPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/detail/port_number.hpp>
#include <boost/url/host_type.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <utility>

namespace oauth {

OAUTH_DECL bool is_loopback(std::string_view host) noexcept
{
    if (host == "localhost" || host == "::1" || host == "[::1]") return true;
    auto const address = boost::urls::parse_ipv4_address({host.data(), host.size()});
    return address && address->is_loopback();
}

OAUTH_DECL result<endpoint> endpoint::parse(std::string_view url)
{
    // A query may hold a key, and what stands before an '@' a password: neither is repeated.
    auto const refused = [shown = url.substr(0, url.find_first_of("?#"))](errc why) {
        return failure(why, advice::fix_configuration, shown.find('@') == shown.npos ? escaped(shown, 200) : std::string());
    };
    auto const parsed = boost::urls::parse_uri({url.data(), url.size()});
    if (!parsed) return refused(errc::invalid_url);
    bool const secure = parsed->scheme_id() == boost::urls::scheme::https;
    if (!secure && parsed->scheme_id() != boost::urls::scheme::http) return refused(errc::invalid_url);
    auto const kind = parsed->host_type();
    if (kind == boost::urls::host_type::none || kind == boost::urls::host_type::ipvfuture || parsed->encoded_host().empty()) return refused(errc::invalid_url);
    if (parsed->has_fragment()) return refused(errc::url_has_fragment);
    if (parsed->has_userinfo()) return refused(errc::url_has_userinfo);
    std::uint16_t const own_port = secure ? 443 : 80;
    auto const port = parsed->has_port() ? detail::port_number({parsed->port().data(), parsed->port().size()}) : own_port;
    if (port.value_or(0) == 0) return refused(errc::invalid_url);

    endpoint made;
    made.url_ = std::string(url);
    made.secure_ = secure;
    made.host_ = kind == boost::urls::host_type::name ? parsed->host_name() : parsed->host_address();
    for (auto& c : made.host_)
    {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        // A host may be percent-encoded. Decoded, it would carry anything, line ends too, into a request's head and into a look-up.
        bool const fit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == ':';
        if (!fit) return refused(errc::invalid_url);
    }
    if (!secure && !is_loopback(made.host_)) return refused(errc::insecure_url);
    made.port_ = *port;
    made.origin_end_ = static_cast<std::uint32_t>(parsed->encoded_origin().size());
    // Boost.URL 1.81 takes "http://127.0.0.1.evil.example/" for the address 127.0.0.1 with the path ".evil.example/".
    if (auto const rest = made.target(); !rest.empty() && rest.front() != '/' && rest.front() != '?') return refused(errc::invalid_url);
    return made;
}

} // namespace oauth

#endif
