#ifndef OAUTH_POLICY_AUTHENTICATION_PRIVATE_KEY_JWT_HPP
#define OAUTH_POLICY_AUTHENTICATION_PRIVATE_KEY_JWT_HPP

#include <oauth/core/issuer.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/policy/authentication/detail/client_assertion.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <oauth/policy/entropy.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/// Whom a client's assertion is addressed to. Servers differ in which of them they take.
enum class assertion_audience
{
    token_endpoint,   ///< the token endpoint's URL, whatever endpoint is asked: Entra, and what OpenID Connect Core 9 says
    issuer,           ///< the server's issuer: what newer rules ask for, lest the assertion is of use elsewhere
    endpoint,         ///< the URL of the endpoint that is asked
};

/// What else stands in an assertion, or how it is made. Fit for Entra ID with a certificate as it is.
struct private_key_jwt_options
{
    jws_algorithm algorithm = jws_algorithm::ps256;
    assertion_audience audience = assertion_audience::token_endpoint;
    std::string fixed_audience = {};      ///< instead of all of these, where it is not empty
    seconds lifetime{300};                ///< how long an assertion is good
    bool sends_certificate = false;       ///< `x5c`: the certificate and those that certify it, for authentication by subject name and issuer
    bool legacy_thumbprint = false;       ///< `x5t` (SHA-1) instead of `x5t#S256`: AD FS, with RS256
};

/** The client proves who it is by a JWT that it signs with its private key: nothing secret goes over the wire.

    @code
    auto key = oauth::private_key::from_pem_file("client.key").value().with_certificate(certificate_pem).value();
    oauth::flow daemon{oauth::microsoft::v2("contoso.onmicrosoft.com"), client, oauth::beast_transport{}, oauth::private_key_jwt{key}};
    @endcode

    The header names the key: by `kid` where the key has one, by the thumbprint of its certificate where it has one. Each request has an assertion of its own.

    @par Errors
    errc::key_not_fit where the key does not permit the algorithm; errc::malformed_certificate where the options ask for a certificate in the header (`x5t`, `x5c`) and the key has
    none; errc::entropy_failed; errc::missing_endpoint where the audience is empty, or a template
    (@ref is_issuer_template). After a failure neither body nor request is changed.

    @par Ownership
    Copies share the key and the source of random bytes.

    @par Thread safety
    Safe, also for one object.

    @par Specification
    RFC 7523 2.2 and 3, OpenID Connect Core 9; Microsoft identity platform, certificate credentials
*/
template <entropy Entropy>
class basic_private_key_jwt
{
    struct source
    {
        std::mutex mutex;
        Entropy random;
    };

    private_key key_;
    private_key_jwt_options options_;
    std::shared_ptr<source> source_ = std::make_shared<source>();

    std::string_view audience(http_request const& request, server_metadata const& server) const noexcept
    {
        if (!options_.fixed_audience.empty()) return options_.fixed_audience;
        switch (options_.audience)
        {
        case assertion_audience::token_endpoint: return server.token_endpoint.url();
        case assertion_audience::issuer: return server.issuer;
        case assertion_audience::endpoint: return request.url.url();
        }
        return {};
    }

    boost::json::object header() const
    {
        auto const text = [](std::string_view view) { return boost::json::string_view(view.data(), view.size()); };
        boost::json::object out;
        if (!key_.key_id().empty()) out["kid"] = text(key_.key_id());
        if (key_.certificate_sha256().empty()) return out;
        if (options_.legacy_thumbprint) out["x5t"] = text(key_.certificate_sha1());
        else out["x5t#S256"] = text(key_.certificate_sha256());
        if (options_.sends_certificate)
        {
            boost::json::array chain;
            for (auto const& one : key_.certificate_chain()) chain.emplace_back(one);
            out["x5c"] = std::move(chain);
        }
        return out;
    }

public:
    explicit basic_private_key_jwt(private_key key, private_key_jwt_options options = {}, Entropy random = Entropy()) : key_(std::move(key)), options_(std::move(options))
    {
        source_->random = std::move(random);
    }

    result<void> authenticate(http_request& request, form& body, client const& who, server_metadata const& server, time_point now)
    {
        auto const whom = audience(request, server);
        if (whom.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, "the audience of the client's assertion: server_metadata.issuer or token_endpoint");
        if (is_issuer_template(whom))
            return failure(errc::missing_endpoint, advice::fix_configuration, "the audience of the client's assertion stands for many tenants: discover first, name the tenant by its GUID, or take assertion_audience::token_endpoint");
        if ((options_.sends_certificate || options_.legacy_thumbprint) && key_.certificate_sha256().empty())
            return failure(errc::malformed_certificate, advice::fix_configuration, "the client's assertion is to name the key's certificate, and the key has none: private_key::with_certificate");
        std::array<std::byte, 16> random;
        {
            std::scoped_lock const lock(source_->mutex);
            if (auto const filled = source_->random.fill(random); filled.has_error()) return filled.error();
        }
        auto const assertion = sign_jwt(detail::assertion_claims(who, whom, random, options_.lifetime, now), key_, options_.algorithm, header());
        if (assertion.has_error()) return assertion.error();
        detail::add_assertion(body, who, assertion->reveal());
        return {};
    }
};

/// With OpenSSL's random bytes.
using private_key_jwt = basic_private_key_jwt<openssl_entropy>;
static_assert(check_client_authentication<private_key_jwt>());

} // namespace oauth

#endif
