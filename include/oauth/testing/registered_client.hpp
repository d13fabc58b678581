#ifndef OAUTH_TESTING_REGISTERED_CLIENT_HPP
#define OAUTH_TESTING_REGISTERED_CLIENT_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/testing/federated_credential.hpp>
#include <string>
#include <vector>

namespace oauth::testing {

/// An application that the server knows.
struct registered_client
{
    std::string id;
    std::string secret = {};                        ///< empty for a public client, which must not send one
    std::vector<std::string> redirect_uris = {};    ///< compared exactly, but for the port of an http loopback URI (RFC 8252 7.3)
    std::string name = "Contoso Bookings";          ///< shown on the consent page

    /// What `.default` and v1 stand for.
    oauth::scope permissions = "User.Read Bookings.ReadWrite.All";

    /// What it is called as a resource, beside its id and "api://ID": whose tokens it may use on behalf of their users.
    std::vector<std::string> identifiers = {};

    /// What it signs its assertions with (`private_key_jwt`), elsewhere than at Entra; such a client has no secret.
    std::vector<jwk> keys = {};

    /// The same as certificates, each a PEM text. An assertion names the one whose key has signed it, by `x5t#S256`, `x5t` or `x5c`. Entra knows keys by nothing else.
    std::vector<std::string> certificates = {};

    /// Whose assertions are taken in place of its own (RFC 7521 4.2).
    std::vector<federated_credential> federated = {};

    /// What it signs its request objects with (RFC 9101); empty: `keys`.
    std::vector<jwk> request_object_keys = {};

    /// Gets what the userinfo endpoint says as a JWT (`userinfo_signed_response_alg`, RS256).
    bool signed_userinfo = false;

    /// Proves who it is by the certificate of its TLS connection (RFC 8705 2), whose subject is this, as OpenSSL writes it after RFC 2253: "CN=client,O=Contoso". Whether the certificate
    /// itself is to be trusted is for the front of the server to see to.
    std::string tls_client_auth_subject_dn = {};

    /// The same by one certificate, be it signed by itself: by its thumbprint (`x5t#S256`).
    std::string tls_client_auth_thumbprint = {};

    /// Its tokens are bound to the certificate that it shows when it asks for them (RFC 8705 3).
    bool tls_client_certificate_bound_access_tokens = false;

    /// Its tokens are bound to a key: each request carries a DPoP proof (RFC 9449 5.2).
    bool dpop_bound_access_tokens = false;

    /// Does it have no way to prove who it is?
    bool is_public() const noexcept { return secret.empty() && !has_key() && federated.empty() && tls_client_auth_subject_dn.empty() && tls_client_auth_thumbprint.empty(); }

    /// Does it sign its assertions with a private key?
    bool has_key() const noexcept { return !keys.empty() || !certificates.empty(); }

    /// The registration that `who` needs.
    static registered_client of(client const& who)
    {
        registered_client made{.id = who.id, .secret = std::string(who.secret.reveal())};
        if (!who.redirect_uri.empty()) made.redirect_uris.push_back(who.redirect_uri);
        return made;
    }
};

} // namespace oauth::testing

#endif
