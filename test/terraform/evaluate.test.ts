import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deploy, RefusedSettings, type Deployment } from './evaluate/deployment.ts';
import type { Values } from './evaluate/values.ts';

test('names, functions, conditions and loops mean what they mean to Terraform', () => {
  const { outputs } = deployed({
    'main.tf': `
      variable "sizes" {
        type    = object({ small = optional(number, 1), large = optional(number) })
        default = {}
      }
      locals {
        list  = [for name, size in var.sizes : "\${name}=\${size}" if size != null]
        heads = { for word in ["ab", "ac", "b"] : substr(word, 0, 1) => word... }
      }
      output "list" { value = local.list }
      output "heads" { value = local.heads }
      output "either" { value = length(local.list) > 1 && !contains(local.list, "x") ? "many" : "few" }
      output "escaped" { value = "$\${kept} \\\\. \${1 + 2 * 3}" }
      output "json" { value = jsonencode({ b = "<", a = [true, null] }) }
      output "splat" { value = google_pubsub_topic.t[*].name }
      resource "google_pubsub_topic" "t" {
        count = 2
        name  = "t\${count.index}"
      }
    `,
  });
  expect(outputs).toEqual({
    list: ['small=1'],
    heads: { a: ['ab', 'ac'], b: ['b'] },
    either: 'few',
    escaped: '${kept} \\. 7',
    json: '{"a":[true,null],"b":"\\u003c"}',
    splat: ['t0', 't1'],
  });
});

test('modules, dynamic blocks and what only the cloud knows reach where they are used', () => {
  const { resources } = deployed({
    'main.tf': `
      module "one" {
        source   = "./one"
        for_each = toset(["a", "b"])
        name     = each.value
        depends_on = [time_sleep.wait]
      }
      resource "time_sleep" "wait" { create_duration = "1s" }
      resource "google_service_account" "who" {
        project    = "p"
        account_id = module.one["b"].id
      }
      output "member" { value = google_service_account.who.member }
    `,
    'one/main.tf': `
      variable "name" {}
      resource "google_pubsub_topic" "t" {
        project = "p"
        name    = var.name
        dynamic "schema" {
          for_each = var.name == "a" ? [1] : []
          content { encoding = "JSON" }
        }
      }
      output "id" { value = google_pubsub_topic.t.name }
    `,
  });
  expect(resources.map(({ address }) => address)).toEqual([
    'google_service_account.who',
    'module.one["a"].google_pubsub_topic.t',
    'module.one["b"].google_pubsub_topic.t',
    'time_sleep.wait',
  ]);
  expect(resources[1]).toMatchObject({
    values: { schema: [{ encoding: 'JSON' }] },
    meta: { depends_on: 'time_sleep.wait' },
  });
  expect(resources[2]?.values).not.toHaveProperty('schema');
});

test('what a validation or a precondition refuses is refused, and what a check says is told', () => {
  const file = `
    variable "n" {
      validation {
        condition     = var.n > 0
        error_message = "n: set more than 0."
      }
    }
    check "small" {
      assert {
        condition     = var.n < 5
        error_message = "n is large"
      }
    }
    resource "terraform_data" "n" {
      lifecycle {
        precondition {
          condition     = var.n != 7
          error_message = "not 7"
        }
      }
    }`;
  expect(() => deployed({ 'main.tf': file }, { n: 0 })).toThrow(new RefusedSettings('n: set more than 0.'));
  expect(() => deployed({ 'main.tf': file }, { n: 7 })).toThrow(new RefusedSettings('not 7'));
  expect(deployed({ 'main.tf': file }, { n: 1 }).warnings).toEqual([]);
  expect(deployed({ 'main.tf': file }, { n: 6 }).warnings).toEqual(['n is large']);
});

function deployed(files: Readonly<Record<string, string>>, variables: Values = {}): Deployment {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'one'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return deploy(variables, folder);
}
