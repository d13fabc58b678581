#ifndef OAUTH_RESPONSE_DECODE_SERVER_METADATA_HPP
#define OAUTH_RESPONSE_DECODE_SERVER_METADATA_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/json_answer.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

namespace detail {

inline failure bad_metadata(errc why, std::string_view member) { return failure(why, advice::give_up, "the member " + std::string(member) + " of the server's metadata"); }

/// The URL of an endpoint, in place of the one that was known, whose query it takes over where it has none: Google's refresh tokens hang on one. `null` is as good as absent.
inline result<void> read_endpoint(boost::json::object const& from, std::string_view name, endpoint& out)
{
    auto const* const value = from.if_contains({name.data(), name.size()});
    if (value == nullptr || value->is_null()) return {};
    auto const* const text = value->if_string();
    if (text == nullptr) return bad_metadata(errc::response_wrong_type, name);
    std::string_view const named(text->data(), text->size());
    auto url = endpoint::parse(named);
    // The URL itself is the server's word, and is not repeated.
    if (url.has_error()) return bad_metadata(static_cast<errc>(url.error().code.value()), name);
    auto const known = out.target();
    if (auto const mark = known.find('?'); mark != known.npos && named.find('?') == named.npos) url = endpoint::parse(std::string(named).append(known.substr(mark)));
    if (url.has_error()) return bad_metadata(static_cast<errc>(url.error().code.value()), name);
    out = std::move(*url);
    return {};
}

/// A list of texts; 256 are taken at most. What is no list, and what is no text in it, is passed over: no request and no check is given up for want of one. Of the lists `response_modes_supported`
/// has a say: whether a receiver's preferred mode is asked for. The others are for the program.
inline void read_list(boost::json::object const& from, std::string_view name, std::vector<std::string>& out)
{
    constexpr std::size_t most = 256;
    auto const* const value = from.if_contains({name.data(), name.size()});
    auto const* const list = value ? value->if_array() : nullptr;
    if (list == nullptr) return;
    out.clear();
    for (auto const& element : *list)
        if (auto const* const text = element.if_string(); text && out.size() < most) out.emplace_back(text->data(), text->size());
}

inline void read_flag(boost::json::object const& from, std::string_view name, bool& out)
{
    auto const* const value = from.if_contains({name.data(), name.size()});
    if (auto const* const flag = value ? value->if_bool() : nullptr) out = *flag;
}

inline result<void> read_mtls_aliases(boost::json::object const& from, server_metadata& out)
{
    auto const* const value = from.if_contains("mtls_endpoint_aliases");
    auto const* const aliases = value ? value->if_object() : nullptr;
    if (aliases == nullptr) return {};
    out.mtls_endpoint_aliases.clear();
    for (auto const& [name, member] : server_endpoints)
    {
        endpoint alias;
        if (auto done = read_endpoint(*aliases, name, alias); done.has_error()) return done;
        if (!alias.empty()) out.mtls_endpoint_aliases.emplace_back(member, std::move(alias));
    }
    return {};
}

} // namespace detail

/** Read the document in which a server publishes its endpoints.

    @param response The answer.
    @param known What is known of the server already, its issuer at least. What the document does not name stays as it is; so does what is a provider's own (`advice_rules`,
        `default_resource` …), and the query of an endpoint that the document names without one (Google's `access_type`).
    @param max_size The most bytes that are looked at.

    @return All that is known now: with the issuer that the document names, which is exact unless it serves many tenants; an alias that is a template is gone then. Where the token endpoint
        was known by another URL of the same origin, `stored_under` is that. Or
        @li errc::token_issuer_mismatch when the document's `issuer` is not `known.issuer`: it is compared exactly, but that "{tenantid}" in `known.issuer` stands for a GUID,
            or for itself, as Microsoft's `common` has it. Where `known.issuer_alias` has a "{tenantid}", the issuer may be that with a GUID,
        @li errc::response_missing_member without `issuer`,
        @li errc::invalid_url, errc::insecure_url, errc::url_has_fragment or errc::url_has_userinfo for an endpoint that is not fit for use, which the hint names,
        @li errc::redirect_refused, errc::unexpected_status, errc::unexpected_content_type, and the values that begin with `response_`, for an answer that is no such document.

    @par Exception safety
    Strong; only allocation throws.

    @par Specification
    OpenID Connect Discovery 3 and 4.3, RFC 8414 2 and 3.3, RFC 8705 5
*/
inline result<server_metadata> decode_server_metadata(http_response const& response, server_metadata const& known, std::size_t max_size = 1 << 18)
{
    auto document = detail::json_answer(response, {200}, "discovery document", max_size);
    if (document.has_error()) return std::move(document).error();
    auto const* const issuer = document->if_contains("issuer");
    auto const* const text = issuer ? issuer->if_string() : nullptr;
    if (text == nullptr) return detail::bad_metadata(errc::response_missing_member, "issuer");
    std::string_view const named(text->data(), text->size());
    // An alias that is no template is another spelling that ID tokens may have, no other name of the server.
    bool const any_tenant = is_issuer_template(known.issuer_alias);
    if (known.issuer.empty() || (named != known.issuer && !issuer_matches(known.issuer, named) && !(any_tenant && issuer_matches(known.issuer_alias, named))))
        return failure(errc::token_issuer_mismatch, advice::fix_configuration, "the metadata is another server's than server_metadata.issuer says");

    auto out = known;
    out.issuer = named;
    if (any_tenant) out.issuer_alias.clear();
    for (auto const& [name, member] : server_endpoints)
        if (auto done = detail::read_endpoint(*document, name, out.*member); done.has_error()) return std::move(done).error();
    if (auto done = detail::read_mtls_aliases(*document, out); done.has_error()) return std::move(done).error();
    // The same tenant's, by its other name: its sessions are to be found again.
    if (out.stored_under.empty() && !(out.token_endpoint == known.token_endpoint) && out.token_endpoint.same_origin(known.token_endpoint)) out.stored_under = known.token_endpoint;

    using list = std::vector<std::string> server_metadata::*;
    static constexpr std::array<std::pair<std::string_view, list>, 7> lists{{
        {"scopes_supported", &server_metadata::scopes_supported},
        {"response_modes_supported", &server_metadata::response_modes_supported},
        {"grant_types_supported", &server_metadata::grant_types_supported},
        {"token_endpoint_auth_methods_supported", &server_metadata::token_endpoint_auth_methods_supported},
        {"code_challenge_methods_supported", &server_metadata::code_challenge_methods_supported},
        {"id_token_signing_alg_values_supported", &server_metadata::id_token_signing_alg_values_supported},
        {"dpop_signing_alg_values_supported", &server_metadata::dpop_signing_alg_values_supported},
    }};
    for (auto const& [name, member] : lists) detail::read_list(*document, name, out.*member);
    detail::read_flag(*document, "authorization_response_iss_parameter_supported", out.authorization_response_iss_parameter_supported);
    detail::read_flag(*document, "require_pushed_authorization_requests", out.require_pushed_authorization_requests);
    detail::read_flag(*document, "require_signed_request_object", out.require_signed_request_object);
    return out;
}

} // namespace oauth

#endif
