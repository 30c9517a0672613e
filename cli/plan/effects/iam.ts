import { isTrue, texts } from "../../terraform/configuration";
import { otherRole } from "./compute";
import { calm, compared, type Effect, each, effects, ended, type TypeEffects, unjudged, widens } from "./effect";
import { leftBehind } from "./left-behind";

const USER_GUIDE = "IAM/latest/UserGuide";

/** A policy is compared by what it lets its holder do, over the whole plan. */
const policy = effects(`${USER_GUIDE}/access_policies.html`, {
  created: compared,
  destroyed: compared,
  calm: ["name", "path", "user", "delay_after_policy_creation_in_ms"],
  compared: [
    "policy",
    "policy_arn",
    "policy_arns",
    "role",
    "role_name",
    "roles",
    "users",
    "group",
    "groups",
    "policy_names",
  ],
});

const holder = effects(`${USER_GUIDE}/id_roles.html`, {
  created: compared,
  destroyed: leftBehind(ended("what runs as it is refused by AWS")),
  replaced: compared,
  calm: ["name", "path", "max_session_duration", "force_detach_policies", "unique_id", "create_date"],
  compared: ["assume_role_policy", "managed_policy_arns", "inline_policy", "permissions_boundary"],
});

const membership: Effect = ({ before, after }) => {
  const more = ["groups", "users"].flatMap((argument) =>
    texts(after?.[argument]).filter((one) => !texts(before?.[argument]).includes(one)),
  );
  return more.length === 0 ? [] : [{ kind: "roles", what: `adds ${more.join(", ")}` }];
};
const groups = effects(`${USER_GUIDE}/id_groups_manage_add-remove-users.html`, {
  created: membership,
  destroyed: calm,
  changed: each(["groups", "users"], membership),
});

const trusted = effects(`${USER_GUIDE}/id_roles_providers.html`, {
  created: widens("is one more that roles may trust"),
  destroyed: ended("who logs in by it is refused"),
  calm: ["thumbprint_list"],
  changed: {
    client_id_list: ({ before, after }) =>
      texts(after?.client_id_list).some((one) => !texts(before?.client_id_list).includes(one))
        ? [{ kind: "roles", what: "takes tokens for more clients" }]
        : [],
    saml_metadata_document: unjudged,
  },
});

const resourcePolicy = effects(`${USER_GUIDE}/access_policies_identity-vs-resource.html`, {
  created: compared,
  destroyed: compared,
  compared: ["policy", "policy_document", "resource_arn", "policy_name"],
});

/** Effects of changes to IAM and to KMS grants, by resource type. */
export const IAM: Readonly<Record<string, TypeEffects>> = {
  ...Object.fromEntries(
    [
      "aws_iam_policy",
      "aws_iam_role_policy",
      "aws_iam_user_policy",
      "aws_iam_group_policy",
      "aws_iam_policy_attachment",
      "aws_iam_role_policy_attachment",
      "aws_iam_user_policy_attachment",
      "aws_iam_group_policy_attachment",
      "aws_iam_role_policy_attachments_exclusive",
      "aws_iam_user_policy_attachments_exclusive",
      "aws_iam_group_policy_attachments_exclusive",
    ].map((type) => [type, policy]),
  ),
  ...Object.fromEntries(
    [
      "aws_cloudwatch_log_resource_policy",
      "aws_cloudwatch_log_destination_policy",
      "aws_cloudwatch_event_bus_policy",
      "aws_dynamodb_resource_policy",
      "aws_efs_file_system_policy",
      "aws_glacier_vault_lock",
      "aws_s3_access_point",
      "aws_s3control_access_point_policy",
      "aws_ses_identity_policy",
      "aws_api_gateway_rest_api_policy",
      "aws_codeartifact_domain_permissions_policy",
      "aws_organizations_policy",
    ].map((type) => [type, resourcePolicy]),
  ),
  aws_iam_role: holder,
  aws_iam_user: holder,
  aws_iam_group: holder,
  aws_iam_instance_profile: effects(`${USER_GUIDE}/id_roles_use_switch-role-ec2_instance-profiles.html`, {
    destroyed: leftBehind(ended("instances with it get no credentials")),
    changed: { role: otherRole("role", "aws_iam_role") },
  }),
  aws_iam_user_group_membership: groups,
  aws_iam_group_membership: groups,
  aws_iam_access_key: effects(`${USER_GUIDE}/id_credentials_access-keys.html`, {
    created: widens("is one more key to its user's rights"),
    destroyed: ended("who signs by it is refused"),
    changed: {
      status: ({ after }) =>
        after?.status === "Active"
          ? [{ kind: "roles", what: "is switched on again" }]
          : [{ kind: "interruptions", what: "is switched off: who signs by it is refused" }],
    },
  }),
  aws_iam_user_login_profile: effects(`${USER_GUIDE}/id_credentials_passwords_admin-change-user.html`, {
    created: widens("lets its user log in to the console"),
    destroyed: calm,
    calm: ["password_reset_required"],
  }),
  aws_iam_openid_connect_provider: trusted,
  aws_iam_saml_provider: trusted,
  aws_iam_service_linked_role: effects(`${USER_GUIDE}/using-service-linked-roles.html`, {
    destroyed: ended("its service manages nothing any more"),
  }),
  aws_iam_account_password_policy: effects(`${USER_GUIDE}/id_credentials_passwords_account-policy.html`, {
    destroyed: widens("asks for no good passwords any more"),
  }),
  aws_kms_grant: effects("kms/latest/developerguide/grants.html", {
    created: ({ after }) => [
      { kind: "roles", what: `lets ${after?.grantee_principal} use the key: ${texts(after?.operations).join(", ")}` },
    ],
    destroyed: ended("its grantee is refused by the key"),
  }),
  aws_s3_account_public_access_block: effects("AmazonS3/latest/userguide/access-control-block-public-access.html", {
    destroyed: widens("blocks public access to the account's buckets no more"),
    changed: each(
      ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"],
      (change) =>
        Object.entries(change.after ?? {}).some(([name, value]) => isTrue(change.before?.[name]) && value === false)
          ? [{ kind: "roles", what: "blocks public access to the account's buckets less" }]
          : [],
    ),
  }),
};
