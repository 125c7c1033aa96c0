[assembly: AssemblyFixture(typeof(Semblance.Server.Tests.Premises))]
