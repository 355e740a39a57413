[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: NUnit.Framework.Platform("Linux")]
