"""The e-invoice: EN 16931 as Cross Industry Invoice, put into the PDF as Factur-X."""
