#ifndef OAUTH_CORE_ENDPOINT_HPP
#define OAUTH_CORE_ENDPOINT_HPP

#include <oauth/config.hpp>
#include <oauth/error/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/// Is `host` this very machine: `localhost`, 127.0.0.0/8, or ::1 (with or without its brackets)?
OAUTH_DECL bool is_loopback(std::string_view host) noexcept;

/** The URL of an endpoint: absolute, https (or http on loopback), without fragment and without user name. Checked once, when it is made.

    The parts are found at that time too, so that a transport need not parse it again.

    @par Specification
    RFC 6749 3.1 and 3.2, RFC 8252 8.3, RFC 9700 2.6
*/
class endpoint
{
    std::string url_;
    std::string host_;
    std::uint16_t port_ = 0;
    std::uint32_t origin_end_ = 0;
    bool secure_ = false;

public:
    /// No endpoint; `empty()`.
    endpoint() = default;

    /// As @ref parse. A null pointer, such as `std::getenv` gives, is an empty text. @throws error where that gives a failure.
    endpoint(std::string_view url) : endpoint(parse(url).value()) {}
    endpoint(char const* url) : endpoint(url ? std::string_view(url) : std::string_view()) {}
    endpoint(std::string const& url) : endpoint(std::string_view(url)) {}

    /** Check `url` and take it apart. An empty text is not a URL here.

        @return The endpoint, or
            @li errc::invalid_url when it is not an absolute http or https URL with a host, or its port is not one of 1 to 65535,
            @li errc::insecure_url when it is http and its host is not a loopback address,
            @li errc::url_has_fragment, errc::url_has_userinfo.
    */
    static result<endpoint> parse(std::string_view url);

    bool empty() const noexcept { return url_.empty(); }

    /// The whole, as it was given.
    std::string const& url() const noexcept { return url_; }

    /// https?
    bool secure() const noexcept { return secure_; }

    /// The host in lower case, an IPv6 address without its brackets.
    std::string const& host() const noexcept { return host_; }

    /// The port, the scheme's own where none was named.
    std::uint16_t port() const noexcept { return port_; }

    /// Scheme, host and port as they were given: "https://login.example:8443".
    std::string_view origin() const noexcept { return std::string_view(url_).substr(0, origin_end_); }

    /// What goes into the request line: path and query. "" or "?query" where the path is empty; see @ref has_path.
    std::string_view target() const noexcept { return std::string_view(url_).substr(origin_end_); }

    /// Does @ref target begin with a slash?
    bool has_path() const noexcept { return target().starts_with('/'); }

    /// Do both speak to the same server: scheme, host and port?
    bool same_origin(endpoint const& other) const noexcept
    {
        return secure_ == other.secure_ && port_ == other.port_ && host_ == other.host_;
    }

    friend bool operator==(endpoint const& a, endpoint const& b) noexcept { return a.url_ == b.url_; }
};

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/endpoint.ipp>
#endif

#endif
