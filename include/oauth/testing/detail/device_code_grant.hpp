#ifndef OAUTH_TESTING_DETAIL_DEVICE_CODE_GRANT_HPP
#define OAUTH_TESTING_DETAIL_DEVICE_CODE_GRANT_HPP

#include <oauth/testing/detail/token_request.hpp>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// Microsoft takes the short name too.
inline bool is_device_code_grant(personality kind, std::string_view type) noexcept
{
    if (kind == personality::b2c) return false;
    return type == "urn:ietf:params:oauth:grant-type:device_code" || (kind != personality::standard && type == "device_code");
}

/// Has the user signed in, asks a device (RFC 8628 3.4 and 3.5).
inline http_response device_code_grant(token_request here)
{
    bool const standard = here.state.options.kind == personality::standard;
    bool const v1 = here.state.options.kind == personality::entra_v1;
    std::string_view const name = v1 ? "code" : "device_code";
    if (here.value(name).empty()) return here.no(refused::missing, name);
    auto const found = here.state.device_codes.find(here.value(name));
    if (found == here.state.device_codes.end() || found->second.request.client != &here.client)
        return here.no(standard ? refused::foreign_device_code : refused::unknown_device_code);
    auto& device = found->second;
    if (device.request.tenant != here.where.tenant) return here.no(refused::other_tenant, here.where.tenant);
    if (v1 && here.value("resource") != device.request.resource) return here.no(refused::other_resource, here.value("resource"));
    if (device.redeemed)
    {
        ++here.state.counts.reuses_detected;
        here.state.revoke(device.of);
        return here.no(refused::reused_device_code);
    }
    if (device.expires_at <= here.now) return here.no(refused::expired_device_code);
    bool const too_early = standard && device.asked_at && here.now - *device.asked_at < device.interval;
    device.asked_at = here.now;
    if (too_early)
    {
        device.interval += seconds{5};
        return here.no(refused::too_early);
    }
    if (device.declined) return here.no(standard ? refused::declined_by_user : refused::declined);
    if (!device.of) return here.no(refused::pending);
    auto what = here.plan(device.of);
    if (!what.planned) return std::move(what.refused);
    device.redeemed = true;
    ++here.state.counts.device_sign_ins;
    if (v1 || device.request.scope.contains("offline_access")) what.planned->refresh_token = here.new_refresh_token(device.of);
    what.planned->id_token = device.request.scope.contains("openid");
    return answer_with(here.state, *what.planned, here.now);
}

} // namespace oauth::testing::detail

#endif
