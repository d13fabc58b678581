#ifndef OAUTH_TESTING_DETAIL_SIGNING_KEY_HPP
#define OAUTH_TESTING_DETAIL_SIGNING_KEY_HPP

#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// The key of one algorithm, made when it is first needed and shared by all servers of a process, since making one of RSA takes a tenth of a second.
class signing_key
{
    jws_algorithm algorithm_;
    private_key key_;

    explicit signing_key(jws_algorithm algorithm) : algorithm_(algorithm), key_(make(algorithm)) {}

    static private_key make(jws_algorithm algorithm)
    {
        auto const key = private_key::generate(algorithm).value();
        return key.with_key_id(key.public_key().thumbprint());
    }

public:
    /// Its signatures are asymmetric.
    static signing_key const& instance(jws_algorithm algorithm = jws_algorithm::rs256)
    {
        static std::mutex mutex;
        static std::map<jws_algorithm, signing_key> keys;
        std::scoped_lock const lock(mutex);
        auto found = keys.find(algorithm);
        if (found == keys.end()) found = keys.emplace(algorithm, signing_key(algorithm)).first;
        return found->second;
    }

    /// `kid`: the key's thumbprint (RFC 7638).
    std::string_view id() const noexcept { return key_.key_id(); }

    /// The public key as a JWK, without `alg`, as Microsoft sends it.
    boost::json::object jwk() const { return key_.public_key().json(); }

    private_key const& key() const noexcept { return key_; }

    /// `claims` as a signed JWT (RFC 7519).
    std::string sign(boost::json::object const& claims) const { return std::string(sign_jwt(claims, key_, algorithm_).value().reveal()); }
};

} // namespace oauth::testing::detail

#endif
