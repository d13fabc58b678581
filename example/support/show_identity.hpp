#ifndef EXAMPLE_SUPPORT_SHOW_IDENTITY_HPP
#define EXAMPLE_SUPPORT_SHOW_IDENTITY_HPP

#include "show_tokens.hpp"
#include <oauth/oidc/id_token.hpp>
#include <oauth/oidc/userinfo.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace example {

/// Writes claims, one a line. What the provider wrote is printed so that it can't play tricks with the terminal.
class claim_lines
{
    std::ostream& out_;

public:
    explicit claim_lines(std::ostream& out) : out_(out) {}

    void line(std::string_view name, std::string_view value) const { safe_line(name, oauth::escaped(value)); }

    void line(std::string_view name, std::optional<std::string> const& value) const
    {
        if (value) line(name, std::string_view(*value));
    }

    void line(std::string_view name, std::optional<bool> value) const
    {
        if (value) line(name, std::string_view(*value ? "true" : "false"));
    }

    void line(std::string_view name, std::optional<oauth::time_point> value) const
    {
        if (value) line(name, std::string_view(local_time(*value)));
    }

    void lines(boost::json::object const& extra) const
    {
        for (auto const& member : extra) safe_line(std::string_view(member.key().data(), member.key().size()), json_for_terminal(boost::json::serialize(member.value()), 512));
    }

private:
    void safe_line(std::string_view name, std::string const& value) const
    {
        auto const shown = oauth::escaped(name, 64);
        out_ << "  " << shown << std::string(shown.size() < 20 ? 20 - shown.size() : 1, ' ') << value << '\n';
    }
};

/// The claims of an ID token that was verified.
inline void show(std::ostream& out, oauth::id_token const& who)
{
    claim_lines const to(out);
    to.line("iss", std::string_view(who.issuer));
    to.line("sub", std::string_view(who.subject));
    for (auto const& one : who.audience) to.line("aud", std::string_view(one));
    to.line("iat", std::optional(who.issued_at));
    to.line("exp", std::optional(who.expires_at));
    to.line("auth_time", who.auth_time);
    to.line("acr", who.acr);
    for (auto const& one : who.amr) to.line("amr", std::string_view(one));
    to.line("sid", who.session_id);
    to.line("name", who.name);
    to.line("given_name", who.given_name);
    to.line("family_name", who.family_name);
    to.line("preferred_username", who.preferred_username);
    to.line("email", who.email);
    to.line("email_verified", who.email_verified);
    to.line("tid", who.tenant_id);
    to.line("oid", who.object_id);
    to.lines(who.extra);
}

/// What the userinfo endpoint says.
inline void show(std::ostream& out, oauth::userinfo const& who)
{
    claim_lines const to(out);
    to.line("sub", std::string_view(who.subject));
    to.line("name", who.name);
    to.line("given_name", who.given_name);
    to.line("family_name", who.family_name);
    to.line("preferred_username", who.preferred_username);
    to.line("email", who.email);
    to.line("email_verified", who.email_verified);
    to.line("phone_number", who.phone_number);
    to.line("picture", who.picture);
    to.line("locale", who.locale);
    to.lines(who.extra);
}

} // namespace example

#endif
