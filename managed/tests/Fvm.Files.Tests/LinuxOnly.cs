// These tests are about files as Linux has them.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: NUnit.Framework.Platform("Linux")]
